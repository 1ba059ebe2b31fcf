"""AcceptAll: accepts every offer of a mediator.

Its own action never matters, because it never rejects; it names action 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Agent, Task
from ...core.arrays import Array


class AcceptAll(Agent):
    """Accepts in every round."""

    learns: ClassVar[bool] = False
    plays: ClassVar[tuple[str, ...]] = ("MediatedGame-v0",)

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Nothing to forget."""
        self.lanes = lanes

    def act(self, observation: Any) -> dict[str, Array]:
        """Accept in every lane."""
        return {"accept": np.ones(self.lanes, np.int64), "play": np.zeros(self.lanes, np.int64)}
