"""The hand-written transfer game with plain vectors for observations and actions: what SuperSuit carries fastest."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium import spaces
from palaestra.benchmarks.hand_written import COUNT, HandWrittenTransferGame


class FlatTransferGame(HandWrittenTransferGame):
    """Observations are (11,): stage, amounts, targets, last play; actions are (5,): amounts, targets, play.

    Args:
        payoffs: (2, 3, 3), what each player earns at each joint action.
    """

    def __init__(self, payoffs: Any) -> None:
        super().__init__(payoffs)
        most = [1.0] + [self.bound] * 4 + [COUNT - 1.0] * 4 + [float(COUNT)] * 2
        seen = spaces.Box(np.zeros(11), np.array(most), dtype=np.float64)
        action = spaces.Box(np.zeros(5), np.array([self.bound] * 2 + [COUNT - 1.0] * 3), dtype=np.float64)
        self.observation_spaces = {agent: seen for agent in self.possible_agents}
        self.action_spaces = {agent: action for agent in self.possible_agents}

    def _check(self, agent: str, action: Any) -> None:
        values = action["row"].tolist()
        if not (all(0.0 <= value <= self.bound for value in values[:2]) and set(values[2:]) <= {0.0, 1.0, 2.0}):
            raise ValueError(f"{agent}: the action {values} is not in {self.action_spaces[agent]}.")

    def step(self, actions: dict[str, Any]) -> Any:
        """Take the vectors apart, then play as the parent does."""
        parts = {
            agent: {"amounts": row[:2], "targets": row[2:4], "play": row[4], "row": row}
            for agent, row in actions.items()
        }
        return super().step(parts)

    def _seen(self) -> dict[str, Any]:
        row = np.concatenate([[self.stage], self.amounts.ravel(), self.targets.ravel(), self.last_play])
        return {agent: row.copy() for agent in self.possible_agents}
