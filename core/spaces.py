"""What spaces mean over lanes: checking a batch of actions, cutting a lane out, casting to a space's dtype."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from gymnasium import spaces

from .arrays import Array, Backend, to_numpy
from .errors import IllegalAction, PalaestraError


class ActionCheck:
    """Turns a player's batch of actions into arrays of the backend, every one of them legal, or raises.

    Args:
        space: The player's action space: Discrete, MultiDiscrete, Box, or Dict of them.
        player: Name for the messages.
        where: Backend of the result.
    """

    def __init__(self, space: spaces.Space[Any], player: str, where: Backend) -> None:
        self.space, self.player, self.where = space, player, where
        self.parts: dict[str, ActionCheck] = {}
        if isinstance(space, spaces.Dict):
            self.parts = {key: ActionCheck(part, f"{player}[{key!r}]", where) for key, part in space.spaces.items()}
        else:
            low, high = _bounds(space)
            self.shape = tuple(space.shape or ())
            self.count = prod(self.shape)
            self.kind = "float64" if isinstance(space, spaces.Box) else "int64"
            self.dtype = getattr(where.xp, self.kind)
            self.uniform = low.size > 0 and bool((low == low.flat[0]).all() and (high == high.flat[0]).all())
            self.low = low.flat[0].item() if self.uniform else where.asarray(low)
            self.high = high.flat[0].item() if self.uniform else where.asarray(high)

    def __call__(self, action: Any, lanes: int) -> Any:
        """Check one batch.

        Args:
            action: Array (lanes, *shape), or a dict of such arrays.
            lanes: How many lanes there are.

        Raises:
            IllegalAction: A wrong key, shape, type or value; the message names player, lane and value.
        """
        if self.parts:
            if not isinstance(action, dict) or action.keys() != self.parts.keys():
                got = sorted(map(str, action)) if isinstance(action, dict) else type(action).__name__
                raise IllegalAction(f"{self.player}: an action is a dict with keys {sorted(self.parts)}, not {got}.")
            return {key: check(action[key], lanes) for key, check in self.parts.items()}
        array = self._array(action, lanes)
        if lanes and self.count:
            if self.uniform and lanes * self.count <= 16:  # a reduction costs more than a handful of comparisons
                low, high = self.low, self.high
                legal = all(low <= value <= high for value in array.ravel().tolist())
            elif self.uniform:  # one pass each; a NaN fails both comparisons
                legal = array.min() >= self.low and array.max() <= self.high
            else:
                legal = (array >= self.low).all() and (array <= self.high).all()
            if not legal:
                self._refuse(array)
        return array

    def _array(self, action: Any, lanes: int) -> Array:
        try:
            array = self.where.asarray(action)
        except (TypeError, ValueError) as error:
            raise IllegalAction(f"{self.player}: {action!r} is not an array of actions ({error}).") from error
        shape = (lanes, *self.shape)
        if array.shape != shape:
            raise IllegalAction(
                f"{self.player}: the actions have shape {tuple(array.shape)}; {lanes} lanes of "
                f"{self.space} need {shape}."
            )
        if array.dtype == self.dtype:
            return array
        xp = self.where.xp
        kinds = ("integral", "bool") if self.kind == "int64" else ("integral", "real floating")
        if not xp.isdtype(array.dtype, kinds):
            raise IllegalAction(f"{self.player}: actions of {self.space} are {self.kind}, not {array.dtype}.")
        return xp.astype(array, self.dtype)

    def _refuse(self, array: Array) -> None:
        low, high = _bounds(self.space)
        for lane, value in enumerate(to_numpy(array)):
            if not (np.all(value >= low) and np.all(value <= high)):
                raise IllegalAction(f"{self.player}, lane {lane}: the action {value!s} is not in {self.space}.")


def _bounds(space: Any) -> tuple[Any, Any]:
    """Least and greatest legal values, inclusive, as numpy arrays of the space's shape."""
    if isinstance(space, spaces.Discrete):
        return np.asarray(int(space.start)), np.asarray(int(space.start + space.n - 1))
    if isinstance(space, spaces.MultiDiscrete):
        return np.zeros_like(space.nvec, dtype=np.int64), np.asarray(space.nvec, np.int64) - 1
    if isinstance(space, spaces.Box):
        return np.asarray(space.low, np.float64), np.asarray(space.high, np.float64)
    raise PalaestraError(
        f"Action spaces of kind {type(space).__name__} are not supported: use Discrete, "
        "MultiDiscrete, Box or a Dict of them."
    )


def lane_of(values: Any, lane: int, space: spaces.Space[Any]) -> Any:
    """One lane of a batched observation (numpy) as an element of `space`: a copy in the space's dtype."""
    if isinstance(space, spaces.Dict):
        return {key: lane_of(values[key], lane, part) for key, part in space.spaces.items()}
    if isinstance(space, spaces.Discrete):
        return np.int64(values[lane])
    return np.array(values[lane], space.dtype)


def cast(values: Any, space: spaces.Space[Any]) -> Any:
    """A batch of observations as fresh numpy arrays in the space's dtype."""
    if isinstance(space, spaces.Dict):
        return {key: cast(values[key], part) for key, part in space.spaces.items()}
    return np.array(to_numpy(values), space.dtype)


def batch_of_one(action: Any) -> Any:
    """One action as a batch of one lane."""
    if isinstance(action, dict):
        return {key: batch_of_one(value) for key, value in action.items()}
    return np.asarray(action)[None]
