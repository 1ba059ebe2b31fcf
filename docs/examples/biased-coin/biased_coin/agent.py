"""Majority: guess the side that came up more often, the maximum-likelihood rule.

Source: P.-S. Laplace, "Théorie analytique des probabilités", 1812, book II.

1. Count the falls on each side.
2. Guess the side with more; side 0 when equal.

Cost: one addition a lane and step. Where coins change over time it lags behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from palaestra.core.agent import Agent, Task, Transition


class Majority(Agent):
    """Follows the majority of the falls so far."""

    plays: ClassVar[tuple[str, ...]] = ("BiasedCoin-v0",)

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Forget all falls."""
        self.lead = np.zeros(lanes, np.int64)

    def act(self, observation: Any) -> Any:
        """The side that leads, one a lane."""
        return (self.lead > 0).astype(np.int64)

    def learn(self, transition: Transition) -> None:
        """Count the fall."""
        self.lead += 2 * transition.next_observation - 1
