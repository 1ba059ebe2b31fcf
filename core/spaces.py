"""Spaces over lanes: check a batch of actions, cut out a lane, cast to a space's dtype."""

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
            self.native = np.ndarray if where.name == "numpy" else type(where.zeros((1,)))
            self.exact = np.dtype(self.kind) if where.name == "numpy" else self.dtype
            self._expect(1)
            self.uniform = low.size > 0 and bool((low == low.flat[0]).all() and (high == high.flat[0]).all())
            self.low = low.flat[0].item() if self.uniform else where.asarray(low)
            self.high = high.flat[0].item() if self.uniform else where.asarray(high)
            from_zero = where.name == "numpy" and self.uniform and self.low == 0
            self.top = np.asarray(self.high, self.kind).view(np.uint64) if from_zero else None

    def __call__(self, action: Any, lanes: int) -> Any:
        """Check one batch.

        Args:
            action: Array (lanes, *shape), or a dict of such arrays.
            lanes: How many lanes there are.

        Raises:
            IllegalAction: A wrong key, shape, type or value; the message names player, lane and value.
        """
        if self.parts:
            self._check_keys(action)
            return {key: check(action[key], lanes) for key, check in self.parts.items()}
        if lanes != self.lanes:
            self._expect(lanes)
        array = action
        if not (type(array) is self.native and array.dtype == self.exact and array.shape == self.whole):
            array = self._array(action, self.whole)
        if not self._within(array):
            self._refuse(array)
        return array

    def one(self, action: Any) -> Any:
        """One lane's action (an element of the space, on numpy) as a checked batch of one.

        Raises:
            IllegalAction: As for a batch.
        """
        if self.parts:
            self._check_keys(action)
            return {key: check.one(action[key]) for key, check in self.parts.items()}
        # What most agents send is settled here; everything else goes the long way round.
        if self.uniform and self.count <= 16:
            low, high, kind = self.low, self.high, type(action)
            if kind is np.ndarray and action.dtype == self.exact and action.shape == self.shape:
                if False not in [low <= value <= high for value in action.ravel().tolist()]:
                    return action[None]
            elif not self.shape and kind in (int, np.int64) and low <= int(action) <= high:
                return np.array([action], self.exact)
        try:
            array = np.asarray(action)
        except (TypeError, ValueError) as error:
            raise IllegalAction(f"{self.player}: {action!r} is not an action of {self.space} ({error}).") from error
        return self(array[None], 1)

    def _check_keys(self, action: Any) -> None:
        if not isinstance(action, dict) or action.keys() != self.parts.keys():
            got = sorted(map(str, action)) if isinstance(action, dict) else type(action).__name__
            raise IllegalAction(f"{self.player}: an action is a dict with keys {sorted(self.parts)}, not {got}.")

    def _expect(self, lanes: int) -> None:
        self.lanes, self.whole, self.size = lanes, (lanes, *self.shape), lanes * self.count

    def _within(self, array: Array) -> bool:
        """Whether every number is surely legal; what is left is looked at one by one."""
        low, high = self.low, self.high
        if not self.uniform:
            return bool((array >= low).all() and (array <= high).all())
        if self.size == 1:  # a reduction costs more than a handful of comparisons
            return bool(low <= array.item() <= high)
        if self.size <= 16:
            return False not in [low <= value <= high for value in array.ravel().tolist()]
        if self.top is not None:
            # One pass instead of two: read as unsigned integers, numbers from 0 up keep their order, and whatever is
            # negative or NaN lies above them all.
            return bool(np.maximum.reduce(array.view(np.uint64), axis=None) <= self.top)
        return bool(array.min() >= low and array.max() <= high)

    def _array(self, action: Any, shape: tuple[int, ...]) -> Array:
        try:
            array = self.where.asarray(action)
        except (TypeError, ValueError) as error:
            raise IllegalAction(f"{self.player}: {action!r} is not an array of actions ({error}).") from error
        if array.shape != shape:
            raise IllegalAction(
                f"{self.player}: the actions have shape {tuple(array.shape)}; {shape[0]} lanes of "
                f"{self.space} need {shape}.{f' {ONE_LANE}' if array.shape == shape[1:] else ''}"
            )
        if array.dtype == self.exact:
            return array
        xp = self.where.xp
        kinds = ("integral", "bool") if self.kind == "int64" else ("integral", "real floating")
        if not xp.isdtype(array.dtype, kinds):
            raise IllegalAction(f"{self.player}: actions of {self.space} are {self.kind}, not {array.dtype}.")
        return xp.astype(array, self.dtype)

    def _refuse(self, array: Array) -> None:
        """Raise for the first illegal action; pass where there is none (-0.0 is legal and yet not surely so)."""
        low, high = _bounds(self.space)
        values = to_numpy(array)
        legal = ((values >= low) & (values <= high)).reshape(len(values), -1).all(axis=1)
        if not legal.all():
            lane = int(np.argmin(legal))
            raise IllegalAction(f"{self.player}, lane {lane}: the action {values[lane]!s} is not in {self.space}.")


ONE_LANE = "An agent that is written for one lane sets `batched = False` in its class; every lane then gets a copy."
"""What to do about arrays that lead with lanes."""


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


class LaneReader:
    """Reads the only lane of a batch of one again and again, as `lane_of` does; the space is looked at once.

    Args:
        space: What an element is of.
    """

    def __init__(self, space: spaces.Space[Any]) -> None:
        self.space = space
        leaves = space.spaces.items() if isinstance(space, spaces.Dict) else ()
        plain = leaves and all(isinstance(part, spaces.Discrete) or part.shape for _, part in leaves)
        self.dtypes = (
            tuple((key, None if isinstance(part, spaces.Discrete) else part.dtype) for key, part in leaves)
            if plain
            else ()
        )

    def __call__(self, values: Any) -> Any:
        """The lane as fresh values in the space's dtype."""
        if not self.dtypes:
            return lane_of(values, 0, self.space)
        return {
            key: np.int64(values[key][0]) if dtype is None else values[key][0].astype(dtype)
            for key, dtype in self.dtypes
        }


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
