"""RobustMidpoint: trains the AI by the middle of the weights that help for every plausible homophily and adoption.

Source: Theorem 2 of "How AI Aggregation Affects Knowledge" (arXiv 2604.04906); the interval is our reconstruction
(`theory.social.robust_interval`).

1. From the sizes and the plausible ranges of homophily and adoption, find the robust interval at the speed rho.
2. If the planner chooses the speed: half-way from the threshold rho* to the slowest.
3. Train with weight (alpha_L + alpha_U)/2 on the larger island. If the interval is empty this is a compromise without
   a guarantee.

Assumptions: two islands whose least plausible homophily is above 1; on other networks it trains by population. Cost: a
bisection over rho if the speed is free, once per episode.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Agent, Task
from ...core.arrays import Array
from ...theory.social.robust_interval import robust_interval, speed_threshold
from .planner_task import PlannerTask


class RobustMidpoint(Agent):
    """Commits to one robust design per episode."""

    learns: ClassVar[bool] = False
    plays: ClassVar[tuple[str, ...]] = ("SocialLearning-v0",)

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Read the public facts; sizes come with the first observation."""
        self.task, self.lanes = PlannerTask.of(task), lanes
        self.action: Array | None = None

    def act(self, observation: Mapping[str, Array]) -> Any:
        """The same design in every round."""
        if self.action is None:
            self.action = self._design(np.asarray(observation["shares"]))
        return self.action.copy()

    def _design(self, shares: Array) -> Array:
        ranges = self.task.homophily, self.task.adoption
        if ranges[0] is None or ranges[0][0] <= 1:
            return self.task.global_actions(shares, np.full(self.lanes, 0.8))
        first = shares[:, 0] >= shares[:, 1]
        larger = np.where(first, shares[:, 0], shares[:, 1])
        odds = larger / (1.0 - larger)
        if self.task.speed is None:
            slowest = self.task.slowest
            speed = np.minimum(0.5 * (speed_threshold(odds, *ranges, precision=1e-6) + slowest), slowest)  # type: ignore[arg-type]
        else:
            speed = np.full(self.lanes, self.task.speed)
        found = robust_interval(odds, speed, *ranges)  # type: ignore[arg-type]
        middle = np.clip(0.5 * (found.low + found.high), 0.0, 1.0)
        training = np.stack([np.where(first, middle, 1.0 - middle), np.where(first, 1.0 - middle, middle)], axis=1)
        return self.task.global_actions(training, speed)
