"""BoundedConfidence: an agent that listens only to beliefs that are near its own.

Source: Hegselmann and Krause, "Opinion dynamics and bounded confidence", JASSS 5 (3), 2002; here with two sources, the
neighbours' mean and the AI, whose distance is the mean over topics (our reconstruction).

1. A source at most `confidence` away counts, others do not.
2. The own belief and the sources that count get equal weights.

Cost: one comparison per topic. With a small `confidence` society stays divided; with a large one all weights are equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Agent, Task
from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError


class BoundedConfidence(Agent):
    """Ignores beliefs that are far from its own.

    Args:
        confidence: Greatest distance of a belief that counts, above 0.
    """

    learns: ClassVar[bool] = False
    needs: ClassVar[Mapping[str, Any]] = {"seat": "agents"}
    plays: ClassVar[tuple[str, ...]] = ("SocialLearning-v0",)

    def __init__(self, confidence: float = 1.0) -> None:
        if not confidence > 0:
            raise PalaestraError(f"confidence={confidence!r} is not allowed: give a positive distance.")
        self.confidence = confidence

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Nothing to reset."""

    def act(self, observation: Mapping[str, Array]) -> Any:
        """Equal weights on the own belief and the sources that count."""
        own = np.asarray(observation["own"])
        near = np.stack(
            [
                ordered_sum(np.abs(np.asarray(observation[source]) - own)) / own.shape[1] <= self.confidence
                for source in ("neighbours", "ai")
            ],
            axis=1,
        )
        return near / (1.0 + near.sum(axis=1, keepdims=True))
