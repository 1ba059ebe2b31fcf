"""ReactiveRule: looks at one number of the present observation, and has no memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

import numpy as np

from ...core.agent import Agent, Task
from .action_table import ActionTable, flat_numbers
from .constant_actions import constant_actions


class Rule(NamedTuple):
    """One number of the observation, cut into cells, and an action for each.

    Attributes:
        number: Which of `flat_numbers`.
        edges: Where cells end, ascending; one cell more than edges.
        choices: Number of the constant action of each cell.
    """

    number: int
    edges: tuple[float, ...]
    choices: tuple[int, ...]


class ReactiveRule(Agent):
    """Plays the constant action of the cell in which one number of its observation lies.

    Args:
        rules: One for all lanes, or one a lane.
    """

    learns: ClassVar[bool] = False

    def __init__(self, rules: Sequence[Rule]) -> None:
        most = max(len(rule.choices) for rule in rules)
        self.number = np.array([rule.number for rule in rules])
        self.edges = np.full((len(rules), most - 1), np.inf)
        self.choices = np.zeros((len(rules), most), np.int64)
        for k, rule in enumerate(rules):
            self.edges[k, : len(rule.edges)] = rule.edges
            self.choices[k, : len(rule.choices)] = rule.choices

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """There is nothing to forget."""
        self.table = ActionTable([one.action for one in constant_actions(task.action_space)])
        self.row, self.lane = np.arange(lanes) % len(self.number), np.arange(lanes)

    def act(self, observation: Any) -> Any:
        """The action of the cell, in every lane."""
        seen = flat_numbers(observation)
        value = seen[self.lane, self.number[self.row] % seen.shape[1]]
        cell = (value[:, None] > self.edges[self.row]).sum(1)
        return self.table.take(self.choices[self.row, cell])
