"""The best reply to the opponents' current maps, by dynamic programming: an oracle against fixed opponents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.agent import Task, Transition
from ...core.arrays import Array
from ...core.errors import PalaestraError
from .map_learner import MapLearner


class BestReply(MapLearner):
    """Replies to the last maps as if they were kept for the next rounds.

    Exact against opponents whose maps do not change and who forget after `look_ahead` rounds; in the first round,
    before any announcement, it replies to uniform play.

    Args:
        look_ahead: Rounds of the dynamic program; fewer when the end is nearer.
    """

    def __init__(self, look_ahead: int = 50) -> None:
        if look_ahead < 1:
            raise PalaestraError(f"look_ahead={look_ahead} is not allowed: look ahead at least one round.")
        self.look_ahead = look_ahead

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Start from the uniform map: nothing is known yet."""
        super().reset(task, lanes, seed)
        count = self.memory.num_actions[task.player]
        self._own = np.full((lanes, self.memory.states, count), 1.0 / count)

    def maps(self, observation: Any) -> Array:
        """The best reply to the last maps."""
        return self._own

    def learn(self, transition: Transition) -> None:
        """Solve the dynamic program of the next rounds."""
        problem, _, others = self.round(transition)
        later = np.zeros((self.lanes, self.memory.states))
        for _ in range(max(1, min(self.look_ahead, self.task.horizon - transition.step - 1))):
            values = problem.action_values(others, later)
            later = values.max(-1)
        self._own = np.eye(values.shape[-1])[values.argmax(-1)]
