"""One player against opponents' maps in a repeated game: values, best replies and occupancies, exactly.

Source: the formalism of section 2b of our reconstruction of arXiv 2606.06486. Opponents are the maps they actually
committed to, round by round; they answer the history that is generated, so a counterfactual strategy meets the same
maps at other histories. A map is a table (lanes, states, actions) over `core.memory.Memory`.

Nothing here makes a matrix of states x states: because a state's digits are its rounds, summing out the oldest round
and appending a joint action are reshapes. Cost of a round: lanes x states x joint actions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .arrays import Array, ordered_sum
from .errors import PalaestraError
from .games import Game, PolymatrixGame
from .memory import Memory


def normalised(maps: Array) -> Array:
    """Rows as probabilities: divided by their sum; a row of zeros is uniform (the rule of the repeated game)."""
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
        """The chance of the others' joint actions.

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

    def action_values(self, others: Array, later: Array) -> Array:
        """Q(s, a) = sum over others' joint actions of chance * (payoff + value of the next state).

        Args:
            others: (lanes, states, O).
            later: (lanes, states): values of the next round's states.

        Returns:
            (lanes, states, A_i).
        """
        following = self._by_own(self._following(later))
        return ordered_sum(others[..., None, :] * (self.payoff[:, None] + following))

    def _following(self, values: Array) -> Array:
        """(lanes, states) -> (lanes, states, joint): the value of the state after each joint action."""
        memory, lanes = self.memory, values.shape[0]
        if memory.depth == 0:
            return np.broadcast_to(values[:, :, None], (lanes, 1, memory.joint))
        kept = memory.states // memory.base
        after = values.reshape(lanes, 1, kept, memory.base)[..., : memory.joint]
        return np.broadcast_to(after, (lanes, memory.base, kept, memory.joint)).reshape(lanes, memory.states, -1)

    def next_occupancy(self, occupancy: Array, own: Array, others: Array) -> Array:
        """The law of the next state: (lanes, states), from this round's law and maps."""
        memory, lanes = self.memory, occupancy.shape[0]
        if memory.depth == 0:
            return occupancy
        flow = self._by_joint(occupancy[:, :, None, None] * own[:, :, :, None] * others[:, :, None, :])
        kept = memory.states // memory.base
        merged = ordered_sum(flow.reshape(lanes, memory.base, kept, memory.joint), 1)
        law = np.zeros((lanes, kept, memory.base))
        law[..., : memory.joint] = merged
        return law.reshape(lanes, memory.states)

    def start(self, lanes: int) -> Array:
        """The law of the state before round 0: (lanes, states)."""
        law = np.zeros((lanes, self.memory.states))
        law[:, self.memory.start] = 1.0
        return law

    def payoffs_of(self, own: Array, others: Array) -> Array:
        """Expected payoff of each round, (rounds, lanes), of maps `own` against `others`."""
        law, earned = self.start(max(own.shape[1], others.shape[1])), []
        for mine, theirs in zip(own, others, strict=True):
            now = ordered_sum(theirs[..., None, :] * self.payoff[:, None])
            earned.append(ordered_sum(law * ordered_sum(mine * now)))
            law = self.next_occupancy(law, mine, theirs)
        return np.stack(earned)

    def best_reply(self, others: Array) -> tuple[Array, Array]:
        """The best sequence of maps against `others` (rounds, lanes, states, O), by dynamic programming.

        Returns:
            Actions int64 (rounds, lanes, states), ties to the smaller, and the value from the start (lanes,).
        """
        later = np.zeros(others.shape[1:3])
        chosen = np.zeros(others.shape[:3], np.int64)
        for t in reversed(range(len(others))):
            values = self.action_values(others[t], later)
            chosen[t], later = values.argmax(-1), values.max(-1)
        return chosen, later[:, self.memory.start]

    def gradients(self, own: Array, others: Array) -> Array:
        """d_t(s) Q_t(s, a): the gradient of total payoff in every round's map, (rounds, lanes, states, A_i).

        The differences of total payoff are its linear forms by the performance-difference identity of section 2b.
        """
        laws = [self.start(others.shape[1])]
        for mine, theirs in zip(own[:-1], others[:-1], strict=True):
            laws.append(self.next_occupancy(laws[-1], mine, theirs))
        later, gradient = np.zeros(others.shape[1:3]), np.empty_like(own)
        for t in reversed(range(len(others))):
            values = self.action_values(others[t], later)
            gradient[t] = laws[t][..., None] * values
            later = ordered_sum(own[t] * values)
        return gradient

    def pure_maps(self, most: int = 4096) -> Array:
        """Every deterministic map that differs on reachable histories: float64 (maps, states, A_i).

        Raises:
            PalaestraError: More than `most` maps.
        """
        actions, reachable = self.memory.num_actions[self.player], np.flatnonzero(self.memory.reachable)
        count = actions ** len(reachable)
        if count > most:
            raise PalaestraError(
                f"There are {actions}**{len(reachable)} deterministic maps of memory {self.memory.depth}; at most "
                f"{most} are enumerated. Use a shorter memory, or a comparator that is found by dynamic programming."
            )
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
