"""Finite games in normal form, for one or many lanes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

import numpy as np
from array_api_compat import array_namespace

from ...core.arrays import Array, Backend, ordered_sum
from ...core.errors import PalaestraError


@dataclass(frozen=True, eq=False)
class NormalFormGame:
    """A game of n players given by its payoff tensor.

    Attributes:
        payoffs: (lanes, players, A_1, ..., A_n): each player's payoff at each pure profile. lanes = 1 means the same
            game in every lane. float64, or objects of `fractions.Fraction` for exact checks.
        name: For people.
    """

    payoffs: Array
    name: str = ""

    def __post_init__(self) -> None:
        shape = self.payoffs.shape
        if len(shape) < 3 or shape[1] != len(shape) - 2 or 0 in shape:
            raise PalaestraError(
                f"A payoff tensor of shape {tuple(shape)} is no game: (lanes, n, A_1, ..., A_n) is "
                "needed, with one axis of actions for each of the n players."
            )

    @classmethod
    def of(cls, payoffs: Any, name: str = "") -> NormalFormGame:
        """One game from nested lists or an array (players, A_1, ..., A_n).

        Raises:
            PalaestraError: A wrong shape, or payoffs that are not finite numbers.
        """
        try:
            array = np.asarray(payoffs)
            if array.dtype != object:
                array = array.astype(np.float64)
        except (TypeError, ValueError) as error:
            raise PalaestraError(f"These payoffs are not a full array of numbers: {error}.") from error
        if array.dtype != object and not np.isfinite(array).all():
            raise PalaestraError("A game's payoffs must be finite; these have NaN or infinity.")
        return cls(array[None], name)

    @property
    def lanes(self) -> int:
        """Lanes of payoffs: 1 where every lane plays the same game."""
        return int(self.payoffs.shape[0])

    @property
    def num_players(self) -> int:
        """N."""
        return int(self.payoffs.shape[1])

    @cached_property
    def num_actions(self) -> tuple[int, ...]:
        """A_1, ..., A_n."""
        return tuple(int(count) for count in self.payoffs.shape[2:])

    @property
    def most_actions(self) -> int:
        """The largest A_i: the width of a padded strategy."""
        return max(self.num_actions)

    def placed(self, where: Backend) -> NormalFormGame:
        """The game with its payoffs on a backend."""
        return replace(self, payoffs=where.asarray(self.payoffs))

    def lane(self, index: int) -> NormalFormGame:
        """The game of one lane."""
        return replace(self, payoffs=self.payoffs[index % self.lanes][None])

    @cached_property
    def _tables(self) -> tuple[Array, ...]:
        return tuple(self.payoffs[:, i].reshape(-1) for i in range(self.num_players))

    def payoffs_at(self, play: Sequence[Array], lane_index: Array | None = None) -> tuple[Array, ...]:
        """Each player's payoff at pure profiles.

        Args:
            play: One int64 array (lanes,) of actions per player.
            lane_index: 0, ..., lanes - 1; needed where lanes have different games.

        Returns:
            One array (lanes,) per player.
        """
        index = play[0]
        for action, count in zip(play[1:], self.num_actions[1:], strict=True):
            index = index * count + action
        if self.lanes > 1:
            assert lane_index is not None
            index = index + lane_index * prod(self.num_actions)
        return tuple(table.take(index) for table in self._tables)

    def action_values(self, strategies: Array) -> Array:
        """u_i(a, x_-i) for every player i and action a.

        Args:
            strategies: (lanes, players, actions), padded with zeros.

        Returns:
            Array (lanes, players, actions); 0 where a player has no such action.
        """
        n, most, xp = self.num_players, self.most_actions, array_namespace(self.payoffs)
        values = []
        for i in range(n):
            tensor = self.payoffs[:, i]
            for j in reversed(range(n)):
                if j != i:
                    shape = [strategies.shape[0]] + [1] * (tensor.ndim - 1)
                    shape[j + 1] = self.num_actions[j]
                    tensor = ordered_sum(tensor * strategies[:, j, : self.num_actions[j]].reshape(shape), j + 1)
            if tensor.shape[1] < most:
                missing = xp.zeros_like(xp.concat([tensor[:, :1]] * (most - tensor.shape[1]), axis=1))
                tensor = xp.concat([tensor, missing], axis=1)
            values.append(tensor)
        return xp.stack(values, axis=1)

    def expected(self, strategies: Array) -> Array:
        """u_i(x): (lanes, players)."""
        return ordered_sum(self.action_values(strategies) * strategies)

    def welfare_gradient(self, strategies: Array) -> Array:
        """dW/dx_i[a] = W(a, x_-i): (lanes, players, actions)."""
        total = ordered_sum(self.payoffs, 1)[:, None]
        shared = NormalFormGame(array_namespace(total).concat([total] * self.num_players, axis=1))
        return shared.action_values(strategies)

    def normal_form(self) -> NormalFormGame:
        """Itself."""
        return self

    def profiles(self) -> Iterator[tuple[int, ...]]:
        """Every pure profile, in lexicographic order."""
        return product(*(range(count) for count in self.num_actions))

    @property
    def span(self) -> tuple[float, float]:
        """Least and greatest payoff of any player in any lane."""
        return float(self.payoffs.min()), float(self.payoffs.max())
