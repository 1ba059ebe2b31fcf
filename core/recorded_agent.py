"""An agent that plays what was recorded: with one in every seat, playing is replaying."""

from __future__ import annotations

from typing import Any, ClassVar

from .agent import Agent, Task
from .rules import Action, Observation


class RecordedAgent(Agent):
    """Takes its actions from a trace, one step after the other. The play loop shows it nothing and teaches it nothing.

    Args:
        actions: One player's actions of a trace: an array (steps, lanes, ...), or a dict of them.
    """

    learns: ClassVar[bool] = False

    def __init__(self, actions: Any) -> None:
        self.actions = actions
        self.step = 0

    def reset(self, task: Task, lanes: int, seed: Any) -> None:
        """Begin with the first step again."""
        self.step = 0

    def act(self, observation: Observation) -> Action:
        """The recorded actions of the next step."""
        step, self.step = self.step, self.step + 1
        if isinstance(self.actions, dict):
            return {key: value[step] for key, value in self.actions.items()}
        return self.actions[step]
