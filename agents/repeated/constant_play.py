"""ConstantPlay: always the same action, such as always cooperate or always defect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from ...core.agent import Task
from ...core.errors import PalaestraError
from .map_player import MapPlayer


class ConstantPlay(MapPlayer):
    """Plays one action in every round.

    Args:
        action: The action's number; -1 is the last one (defection in the classics).
    """

    learns: ClassVar[bool] = False

    def __init__(self, action: int = 0) -> None:
        self.action = action

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Make a map with a point mass in every history."""
        super().reset(task, lanes, seed)
        count = self.memory.num_actions[task.player]
        if not -count <= self.action < count:
            raise PalaestraError(f"action={self.action} is not allowed: this seat has {count} actions.")
        self.keep(np.tile(np.eye(count)[self.action], (1, self.memory.states, 1)))
