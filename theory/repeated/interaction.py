"""One player against opponents' maps in a repeated game: exact values, best replies and occupancies.

Source: the formalism of section 2b of our reconstruction of arXiv 2606.06486. Opponents are the maps to which
they actually committed, round by round. They answer the history that is generated, so a counterfactual strategy meets
the same maps at other histories. A map is a table (lanes, states, actions) over `theory.repeated.memory.Memory`.

No matrix of states x states is built: a state's digits are its rounds, so summing out the oldest round and appending a
joint action are reshapes. Cost per round: lanes x states x joint actions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from ..games import Game, PolymatrixGame
from .memory import Memory

MOST_MAPS = 4096
"""Deterministic maps that are looked at one by one."""


def enumerable(memory: Memory, player: int) -> bool:
    """Whether a player has at most `MOST_MAPS` deterministic maps that differ on reachable histories."""
    actions = memory.num_actions[player]
    return bool(memory.reachable_count * np.log2(actions) <= np.log2(MOST_MAPS) + 1e-9)


def normalised(maps: Array) -> Array:
    """Rows divided by their sum; a row of zeros becomes uniform (the rule of the repeated game)."""
    total = ordered_sum(maps)[..., None]
    return np.where(total > 0, maps / np.where(total > 0, total, 1.0), 1.0 / maps.shape[-1])


@dataclass(frozen=True)
class Interaction:
    """The decision problem of one player.

    Attributes:
        memory: Of all maps involved.
        player: Whose problem it is.
        payoff: float64 (lanes or 1, A_i, O): its payoff by own action and the others' joint action, the others'
            actions numbered in mixed radix, the last player fastest.
    """

    memory: Memory
    player: int
    payoff: Array

    @staticmethod
    def of(game: Game, memory: Memory, player: int) -> Interaction:
        """The problem of `player` in the repetition of `game`."""
        tensor = (game.normal_form() if isinstance(game, PolymatrixGame) else game).payoffs[:, player]
        own_first = np.moveaxis(tensor, player + 1, 1)
        return Interaction(memory, player, own_first.reshape(own_first.shape[0], own_first.shape[1], -1))

    def others(self, maps: Sequence[Array]) -> Array:
        """The probability of the others' joint actions.

        Args:
            maps: Every player's map (lanes, states, A_j); the player's own is not read.

        Returns:
            (lanes, states, O).
        """
        chance = None
        for j, table in enumerate(maps):
            if j != self.player:
                joint = table if chance is None else chance[..., :, None] * table[..., None, :]
                chance = joint if chance is None else joint.reshape(*joint.shape[:-2], -1)
        assert chance is not None
        return chance

    def _by_own(self, by_joint: Array) -> Array:
        """(..., joint) as (..., A_i, O)."""
        counts = self.memory.num_actions
        split = by_joint.reshape(*by_joint.shape[:-1], *counts)
        moved = np.moveaxis(split, split.ndim - len(counts) + self.player, split.ndim - len(counts))
        return moved.reshape(*by_joint.shape[:-1], counts[self.player], -1)

    def _by_joint(self, by_own: Array) -> Array:
        """(..., A_i, O) as (..., joint)."""
        counts, lead = self.memory.num_actions, by_own.shape[:-2]
        rest = counts[: self.player] + counts[self.player + 1 :]
        split = by_own.reshape(*lead, counts[self.player], *rest)
        return np.moveaxis(split, len(lead), len(lead) + self.player).reshape(*lead, -1)

    def stage(self, others: Array) -> Array:
        """Expected payoff of one round by own action: (..., lanes, states, A_i) of `others` (..., lanes, states, O)."""
        return ordered_sum(others[..., None, :] * self.payoff[:, None])

    def action_values(self, others: Array, later: Array, stage: Array | None = None) -> Array:
        """Q(s, a) = sum over others' joint actions of probability * (payoff + value of the next state).

        Args:
            others: (lanes, states, O).
            later: (lanes, states): values of the next round's states.
            stage: `stage(others)`, if already computed.

        Returns:
            (lanes, states, A_i).
        """
        ahead = ordered_sum(others[..., None, :] * self._by_own(self.following(later)))
        return (self.stage(others) if stage is None else stage) + ahead

    def following(self, values: Array) -> Array:
        """(..., states) -> (..., states, joint): the value of the state after each joint action."""
        memory, lead = self.memory, values.shape[:-1]
        if memory.depth == 0:
            return np.broadcast_to(values[..., None], (*lead, 1, memory.joint))
        kept = memory.states // memory.base
        after = values.reshape(*lead, 1, kept, memory.base)[..., : memory.joint]
        wide = np.broadcast_to(after, (*lead, memory.base, kept, memory.joint))
        return wide.reshape(*lead, memory.states, memory.joint)

    def chances(self, own: Array, others: Array) -> Array:
        """The probability of every joint action at every state: (..., states, joint); leading axes are broadcast."""
        return self._by_joint(own[..., :, None] * others[..., None, :])

    def advance(self, law: Array, chances: Array, into: Array | None = None) -> Array:
        """The distribution of the next state, (..., states), from that of this round.

        Args:
            law: The distribution of this round's state, (..., states).
            chances: Probabilities of joint actions, (..., states, joint).
            into: Zeros (..., states) to write into; None: a new array.
        """
        memory = self.memory
        if memory.depth == 0:
            return law
        flow, kept = law[..., None] * chances, memory.states // memory.base
        lead = flow.shape[:-2]
        flow = flow.reshape(*lead, memory.base, kept, memory.joint)
        after = np.zeros((*lead, memory.states)) if into is None else into
        after.reshape(*lead, kept, memory.base)[..., : memory.joint] = ordered_sum(flow, -3)
        return after

    def next_occupancy(self, occupancy: Array, own: Array, others: Array) -> Array:
        """The distribution of the next state, (lanes, states), from that of this round and the maps."""
        return self.advance(occupancy, self.chances(own, others))

    def start(self, lanes: int) -> Array:
        """The distribution of the state before round 0: (lanes, states)."""
        law = np.zeros((lanes, self.memory.states))
        law[:, self.memory.start] = 1.0
        return law

    def laws(self, first: Array, chances: Array) -> tuple[Array, Array]:
        """The distributions of the states before every round.

        Args:
            first: Before the first of them, (..., states).
            chances: (rounds, ..., states, joint).

        Returns:
            (rounds, ..., states), and the distribution after the last round, (..., states).
        """
        found = np.zeros((len(chances) + 1, *first.shape))
        found[0] = first
        for t in range(len(chances)):
            if self.memory.depth:
                self.advance(found[t], chances[t], found[t + 1])
            else:
                found[t + 1] = found[t]
        return found[:-1], found[-1]

    def payoffs_of(self, own: Array, others: Array) -> Array:
        """Expected payoff of each round, (rounds, lanes), of maps `own` against `others`."""
        laws, _ = self.laws(self.start(max(own.shape[1], others.shape[1])), self.chances(own, others))
        return ordered_sum(laws * ordered_sum(own * self.stage(others)))

    def best_reply(self, others: Array) -> tuple[Array, Array]:
        """The best sequence of maps against `others` (rounds, lanes, states, O), by dynamic programming.

        Returns:
            Actions int64 (rounds, lanes, states), ties to the smaller, and the value from the start (lanes,).
        """
        later, stage = np.zeros(others.shape[1:3]), self.stage(others)
        chosen = np.zeros(others.shape[:3], np.int64)
        for t in reversed(range(len(others))):
            values = self.action_values(others[t], later, stage[t])
            chosen[t], later = values.argmax(-1), values.max(-1)
        return chosen, later[:, self.memory.start]

    def gradients(self, own: Array, others: Array) -> Array:
        """d_t(s) Q_t(s, a), the gradient of total payoff in the map of each round: (rounds, lanes, states, A_i).

        By the performance-difference identity of section 2b, differences of total payoff are linear forms of it.
        """
        laws, _ = self.laws(self.start(max(own.shape[1], others.shape[1])), self.chances(own, others))
        later, stage = np.zeros(laws.shape[1:]), self.stage(others)
        gradient = np.empty((*laws.shape, own.shape[-1]))
        for t in reversed(range(len(others))):
            values = self.action_values(others[t], later, stage[t])
            gradient[t] = laws[t][..., None] * values
            later = ordered_sum(own[t] * values)
        return gradient

    @property
    def enumerable(self) -> bool:
        """Whether there are few enough deterministic maps to try all of them."""
        return enumerable(self.memory, self.player)

    def pure_maps(self) -> Array:
        """Every deterministic map that differs on reachable histories: float64 (maps, states, A_i).

        Raises:
            PalaestraError: More than `MOST_MAPS` maps.
        """
        actions = self.memory.num_actions[self.player]
        if not self.enumerable:
            raise PalaestraError(
                f"There are {actions}**{self.memory.reachable_count} deterministic maps of memory {self.memory.depth}; "
                f"at most {MOST_MAPS} are enumerated. Use a shorter memory, or the bounds that need no enumeration: "
                "rp_regret_at_least from below, dynamic_rp_regret from above."
            )
        reachable = np.flatnonzero(self.memory.reachable)
        count = actions ** len(reachable)
        chosen = np.zeros((count, self.memory.states), np.int64)
        chosen[:, reachable] = np.stack(np.unravel_index(np.arange(count), (actions,) * len(reachable)), axis=1)
        return np.eye(actions)[chosen]

    def transitions(self, others: Array) -> Array:
        """P(s' | s, a): (lanes, states, A_i, states). Dense, for short memories."""
        memory, counts = self.memory, self.memory.num_actions
        by_own = self._by_own(memory.successors)  # (states, A_i, O)
        law = np.zeros((others.shape[0], memory.states, counts[self.player], memory.states))
        states = np.arange(memory.states)[:, None]
        for a in range(counts[self.player]):
            for o in range(others.shape[-1]):
                law[:, states[:, 0], a, by_own[:, a, o]] += others[:, :, o]
        return law
