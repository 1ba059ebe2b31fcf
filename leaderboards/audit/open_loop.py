"""OpenLoop: acts only on the number of the step, and ignores observations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Agent, Task
from .action_table import ActionTable
from .constant_actions import constant_actions


class OpenLoop(Agent):
    """Repeats a sequence of the space's constant actions; a sequence of one is a constant agent.

    Args:
        sequences: The numbers of its constants, one sequence for all lanes or one a lane, of any lengths from 1 up.
    """

    learns: ClassVar[bool] = False

    def __init__(self, sequences: Sequence[Sequence[int]]) -> None:
        self.periods = np.array([len(own) for own in sequences])
        self.numbers = np.zeros((len(sequences), int(self.periods.max())), np.int64)
        for row, own in zip(self.numbers, sequences, strict=True):
            row[: len(own)] = own

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Begin the sequences."""
        self.table = ActionTable([one.action for one in constant_actions(task.action_space)])
        self.row, self.step = np.arange(lanes) % len(self.numbers), 0

    def act(self, observation: Any) -> Any:
        """The action of this step in every lane."""
        numbers = self.numbers[self.row, self.step % self.periods[self.row]]
        self.step += 1
        return self.table.take(numbers)
