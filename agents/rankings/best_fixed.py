"""BestFixed: plays the best fixed action in hindsight from the first round; regret is measured against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Agent, Task
from ...core.arrays import Array
from .proposals import point_strategies
from .ranking_task import RankingTask


class BestFixed(Agent):
    """Plays the action that the environment reveals as best in hindsight. Its external regret is 0 by definition."""

    learns: ClassVar[bool] = False
    privileges: ClassVar[Mapping[str, Any]] = {"reveal": "hindsight"}
    plays: ClassVar[tuple[str, ...]] = ("RankingBandit-v0", "ModelRouting-v0")

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Read the form of an action."""
        self.task = RankingTask.of(task)

    def act(self, observation: Any) -> Array:
        """The point strategy of the best action, or K proposals of it."""
        best = observation["best"]
        if self.task.bandit:
            return np.repeat(best[:, None], self.task.proposals, axis=1)
        return point_strategies(best, self.task.actions)
