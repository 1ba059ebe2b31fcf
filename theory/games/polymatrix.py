"""Polymatrix games: every edge of a graph is a bimatrix game, and a player's payoff is the sum over its edges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from array_api_compat import array_namespace, device

from ...core.arrays import Array, Backend, ordered_sum
from ...core.errors import PalaestraError
from .normal_form import NormalFormGame


@dataclass(frozen=True, eq=False)
class PolymatrixGame:
    """u_i(x) = sum over neighbours j of x_i^T A^{ij} x_j (transfers sheet, section 1b).

    Attributes:
        edges: int64 (edges, 2), pairs i < j, each once.
        blocks: (lanes, edges, 2, actions, actions): `blocks[l, e, 0, a, b]` is what i earns on edge e = (i, j) when i
            plays a and j plays b, `blocks[l, e, 1, a, b]` what j earns at the same pair. lanes = 1: the same game
            in every lane. float64, or objects of `fractions.Fraction`.
        num_players: n; players without an edge earn 0.
        name: For people.
    """

    edges: Any
    blocks: Array
    num_players: int
    name: str = ""

    def __post_init__(self) -> None:
        edges, shape = np.asarray(self.edges), self.blocks.shape
        pairs = {tuple(edge) for edge in edges.tolist()}
        if edges.ndim != 2 or edges.shape[1] != 2 or len(pairs) != len(edges):
            raise PalaestraError("edges must be pairs (i, j), each once.")
        if any(not 0 <= i < j < self.num_players for i, j in pairs):
            raise PalaestraError(f"Every edge must be (i, j) with 0 <= i < j < {self.num_players}.")
        if len(edges) == 0:
            raise PalaestraError("A polymatrix game needs at least one edge.")
        if len(shape) != 5 or shape[1] != len(edges) or shape[2] != 2 or shape[3] != shape[4]:
            raise PalaestraError(f"blocks of shape {tuple(shape)} do not fit {len(edges)} edges.")

    @property
    def lanes(self) -> int:
        """Lanes of payoffs: 1 where every lane plays the same game."""
        return int(self.blocks.shape[0])

    @property
    def most_actions(self) -> int:
        """A, the same for every player."""
        return int(self.blocks.shape[3])

    @property
    def num_actions(self) -> tuple[int, ...]:
        """A for every player."""
        return (self.most_actions,) * self.num_players

    @property
    def payoffs(self) -> Array:
        """The numbers that define the game, for observations: the blocks."""
        return self.blocks

    def placed(self, where: Backend) -> PolymatrixGame:
        """The game with its payoffs on a backend."""
        return replace(self, blocks=where.asarray(self.blocks))

    def lane(self, index: int) -> PolymatrixGame:
        """The game of one lane."""
        return replace(self, blocks=self.blocks[index % self.lanes][None])

    @cached_property
    def _incident(self) -> tuple[Any, Any]:
        """For each player the rows of a (2 * edges + 1)-long list of edge ends it collects; the last row is zero."""
        edges = np.asarray(self.edges).reshape(-1, 2)
        ends: list[list[int]] = [[] for _ in range(self.num_players)]
        for e, (i, j) in enumerate(edges.tolist()):
            ends[i].append(2 * e)
            ends[j].append(2 * e + 1)
        degree = max(1, *(len(own) for own in ends))
        table = np.full((self.num_players, degree), 2 * len(edges), np.int64)
        for player, own in enumerate(ends):
            table[player, : len(own)] = own
        return table, edges

    def _collect(self, at_ends: Array) -> Array:
        """Sum edge ends (lanes, edges, 2, ...) into players (lanes, players, ...)."""
        table, _ = self._incident
        lanes, rest = at_ends.shape[0], at_ends.shape[3:]
        rows = at_ends.reshape((lanes, -1, *rest))
        xp = array_namespace(rows)
        padded = xp.concat([rows, rows[:, :1] * 0], axis=1)
        return ordered_sum(padded[:, xp.asarray(table, device=device(rows))], 2)

    def payoffs_at(self, play: Sequence[Array], lane_index: Array | None = None) -> tuple[Array, ...]:
        """Each player's payoff at pure profiles: one array (lanes,) per player."""
        _, edges = self._incident
        xp = array_namespace(self.blocks)
        joint = xp.stack(list(play), axis=1)
        first, second = joint[:, edges[:, 0]], joint[:, edges[:, 1]]
        here = device(joint)
        lane = xp.arange(joint.shape[0], device=here)[:, None] if self.lanes > 1 else 0
        edge = xp.arange(len(edges), device=here)[None, :]
        ends = xp.stack([self.blocks[lane, edge, 0, first, second], self.blocks[lane, edge, 1, first, second]], axis=2)
        collected = self._collect(ends)
        return tuple(collected[:, i] for i in range(self.num_players))

    def action_values(self, strategies: Array) -> Array:
        """u_i(a, x_-i) = (sum_j A^{ij} x_j)[a]: (lanes, players, actions)."""
        _, edges = self._incident
        of_first, of_second = strategies[:, edges[:, 0]], strategies[:, edges[:, 1]]
        ends = array_namespace(self.blocks).stack(
            [
                ordered_sum(self.blocks[:, :, 0] * of_second[:, :, None, :], 3),
                ordered_sum(self.blocks[:, :, 1] * of_first[:, :, :, None], 2),
            ],
            axis=2,
        )
        return self._collect(ends)

    def prices(self, strategies: Array) -> Array:
        """The externality prices on each edge: the value of each action of one end to the other end.

        Returns:
            (lanes, edges, 2, actions): `[:, e, 0]` is e_{ji} = (A^{ji})^T x_j, what i's actions are worth to j, for
            the edge e = (i, j); `[:, e, 1]` what j's actions are worth to i.
        """
        _, edges = self._incident
        of_first, of_second = strategies[:, edges[:, 0]], strategies[:, edges[:, 1]]
        return array_namespace(self.blocks).stack(
            [
                ordered_sum(self.blocks[:, :, 1] * of_second[:, :, None, :], 3),
                ordered_sum(self.blocks[:, :, 0] * of_first[:, :, :, None], 2),
            ],
            axis=2,
        )

    def expected(self, strategies: Array) -> Array:
        """u_i(x): (lanes, players)."""
        return ordered_sum(self.action_values(strategies) * strategies)

    def welfare_gradient(self, strategies: Array) -> Array:
        """dW/dx_i = own_i + sum_j e_{ji}: (lanes, players, actions).

        Edges without i are left out: they add the same to all its actions.
        """
        return self.action_values(strategies) + self._collect(self.prices(strategies))

    def profiles(self) -> Iterator[tuple[int, ...]]:
        """Every pure profile, in lexicographic order."""
        return product(*(range(count) for count in self.num_actions))

    def normal_form(self) -> NormalFormGame:
        """The same game as a payoff tensor with actions ** players entries per player."""
        n, count = self.num_players, self.most_actions
        total = [np.zeros((self.lanes, *(count,) * n), self.blocks.dtype) for _ in range(n)]
        for e, (i, j) in enumerate(self._incident[1].tolist()):
            shape = [self.lanes] + [1] * n
            shape[i + 1] = shape[j + 1] = count
            total[i] = total[i] + self.blocks[:, e, 0].reshape(shape)
            total[j] = total[j] + self.blocks[:, e, 1].reshape(shape)
        return NormalFormGame(np.stack(total, axis=1), self.name)

    @property
    def span(self) -> tuple[float, float]:
        """Bounds on any player's payoff in any lane: the sums of the least and greatest entries of its edges."""
        entries = self.blocks.reshape(*self.blocks.shape[:3], -1)
        low, high = self._collect(entries.min(-1)), self._collect(entries.max(-1))
        return float(low.min()), float(high.max())
