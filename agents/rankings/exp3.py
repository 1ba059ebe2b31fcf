"""Exp3: exponential weights that see only the utility of the action drawn; an oracle among ranking learners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import e, log
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Agent, Task, Transition
from ...core.arrays import Array, backend
from ...core.errors import PalaestraError
from ...core.randomness import Draw, lane_keys
from ...theory.learning.no_regret import Hedge
from .proposals import point_strategies, sample_proposals
from .ranking_estimate import importance_weighted
from .ranking_task import RankingTask


class Exp3(Agent):
    """Exp3 (Auer, Cesa-Bianchi, Freund, Schapire, "The nonstochastic multiarmed bandit problem", 2002, section 3).

    1. pi = (1 - gamma) w / |w| + gamma / A; draw an action, and earn x in [0, 1] (utilities are rescaled).
    2. w(a) <- w(a) exp(gamma x^(a) / A) with x^(a) = x / pi(a) for the drawn action, 0 for others.

    gamma = min(1, sqrt(A log A / ((e - 1) T))) (Corollary 3.2): regret at most 2.63 sqrt(T A log A) on [0, 1]. Under
    bandit information all K proposals are drawn from pi and x^ is their mean (ours); with full information it plays
    the point strategy of its draw and reads only that action's utility. Cost O(A) per round. It needs utilities, so it
    is an oracle where others see rankings; drifting utilities may defeat any fixed gamma.

    Args:
        exploration: gamma; None: the formula above.
    """

    stochastic: ClassVar[bool] = True
    privileges: ClassVar[Mapping[str, Any]] = {"feedback": "numeric"}
    plays: ClassVar[tuple[str, ...]] = ("RankingBandit-v0", "RankingGame-v0", "ModelRouting-v0")

    def __init__(self, exploration: float | None = None) -> None:
        if exploration is not None and not 0 < exploration <= 1:
            raise PalaestraError(f"exploration={exploration!r} is not allowed: it is a share above 0, at most 1.")
        self.exploration = exploration

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Forget everything.

        Raises:
            PalaestraError: A task without utilities.
        """
        facts = self.task = RankingTask.of(task)
        if facts.feedback != "numeric":
            raise PalaestraError("Exp3 needs the option feedback='numeric'.")
        self.keys, self.step = lane_keys(seed, backend()), 0
        count = facts.actions
        best = min(1.0, (count * log(max(count, 2)) / ((e - 1) * facts.horizon)) ** 0.5)
        self.gamma = best if self.exploration is None else self.exploration
        self.learner = Hedge(lanes, count, self.gamma / count)

    def act(self, observation: Any) -> Array:
        """Draws from the weights and a share of exploration."""
        self.mixed = (1.0 - self.gamma) * self.learner.strategy + self.gamma / self.task.actions
        draws = self.task.proposals if self.task.bandit else 1
        self.drawn = sample_proposals(self.mixed, draws, Draw(self.keys, self.step, backend()))
        return self.drawn if self.task.bandit else point_strategies(self.drawn[:, 0], self.task.actions)

    def learn(self, transition: Transition) -> None:
        """Weight the utility of each draw by the inverse of its probability."""
        self.step += 1
        seen = transition.next_observation["utilities"]
        if not self.task.bandit:
            seen = np.take_along_axis(seen, self.drawn, 1)
        earned = (seen - self.task.low) / (2 * self.task.scale)
        self.learner.observe(importance_weighted(self.drawn, earned, self.mixed))
