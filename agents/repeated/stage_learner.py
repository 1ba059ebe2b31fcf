"""Learners of the stage game: they minimise external regret and ignore histories.

Hedge, projected gradient ascent, FTRL, regret matching+ (Tammelin 2014), fictitious play (Brown 1951) and Exp3 (Auer et
al. 2002). Each learns from the round just played: from the payoffs of all actions (against the others' realised
actions, or against the rows of their maps if maps are announced); Exp3 only from its reward. Against opponents with
memory they ignore that another action would have changed later play: external regret is small, and RP-Regret may be
linear.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np

from ...core.agent import Task, Transition
from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from ...theory.learning.no_regret import FollowTheRegularisedLeader, Hedge, ProjectedGradientAscent
from ...theory.repeated.interaction import Interaction
from .map_player import MapPlayer

Algorithm = Literal["hedge", "pgd", "ftrl", "regret_matching_plus", "fictitious_play", "exp3"]
_ORACLES: dict[str, type[Hedge] | type[ProjectedGradientAscent] | type[FollowTheRegularisedLeader]] = {
    "hedge": Hedge,
    "pgd": ProjectedGradientAscent,
    "ftrl": FollowTheRegularisedLeader,
}


class StageLearner(MapPlayer):
    """A no-regret learner of the stage game.

    Args:
        alg: The algorithm: "hedge", "pgd", "ftrl", "regret_matching_plus", "fictitious_play" or "exp3".
        rate: Step size for payoffs scaled to a range of 1; None: sqrt(log A / T) (Exp3: sqrt(log A / (A T))).
    """

    learns: ClassVar[bool] = True
    stochastic: ClassVar[bool] = True
    depth: ClassVar[int] = 1

    def __init__(self, alg: Algorithm = "hedge", rate: float | None = None) -> None:
        allowed = (*_ORACLES, "regret_matching_plus", "fictitious_play", "exp3")
        if alg not in allowed:
            raise PalaestraError(f"alg={alg!r} is not allowed. Allowed: {', '.join(allowed)}.")
        self.alg, self.rate = alg, rate

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Start uniform."""
        super().reset(task, lanes, seed)
        count = self.memory.num_actions[task.player]
        self._count = count
        self._problem: Interaction | None = None
        unseen = count if self.alg == "exp3" else 1
        rate = np.sqrt(np.log(max(count, 2)) / (unseen * task.horizon)) if self.rate is None else self.rate
        low, high = task.public["source"].span
        self._low, self._scale = low, (high - low if high > low else 1.0)
        self._oracle = _ORACLES.get(self.alg, Hedge)(lanes, count, rate)
        self._strategy = self._oracle.strategy
        self._regret = np.zeros((lanes, count))

    def maps(self, observation: Any) -> Array:
        """The current mixed action in every history."""
        return np.repeat(self._strategy[:, None], self.memory.states, axis=1)

    def learn(self, transition: Transition) -> None:
        """Learn the payoffs of the round."""
        bandit = self.alg == "exp3"
        payoff = transition.reward[:, None] if bandit else self._utility(transition)  # type: ignore[index]
        utility = (payoff - self._low) / self._scale
        if bandit:
            played = transition.next_observation["history"][:, -1, self.task.player]
            hit = np.arange(self._count) == played[:, None]
            loss = np.where(hit, (1.0 - utility) / np.maximum(self._strategy, 1e-12), 0.0)
            self._strategy = self._oracle.observe(-loss)
        elif self.alg in _ORACLES:
            self._strategy = self._oracle.observe(utility)
        elif self.alg == "fictitious_play":
            self._regret = self._regret + utility
            self._strategy = np.eye(self._count)[self._regret.argmax(-1)]
        else:
            gain = utility - ordered_sum(utility * self._strategy)[:, None]
            self._regret = np.maximum(self._regret + gain, 0.0)
            total = ordered_sum(self._regret)[:, None]
            self._strategy = np.where(total > 0, self._regret / np.where(total > 0, total, 1.0), 1.0 / self._count)

    def _utility(self, transition: Transition) -> Array:
        """What each own action would have earned in the round: (lanes, A)."""
        if self._problem is None:
            game = self.task.public["source"].game(transition.observation.get("payoffs"))
            self._problem = Interaction.of(game, self.memory, self.task.player)
        counts, lane = self.memory.num_actions, np.arange(self.lanes)
        if self.announces:
            state = self.memory.encode(transition.observation["history"])
            seen = transition.next_observation["maps"]
            tables = [seen[lane, j, state, :count][:, None] for j, count in enumerate(counts)]
        else:
            last = transition.next_observation["history"][:, -1]
            tables = [np.eye(count)[last[:, j]][:, None] for j, count in enumerate(counts)]
        chance = self._problem.others(tables)
        return ordered_sum(chance[:, 0, None, :] * self._problem.payoff)
