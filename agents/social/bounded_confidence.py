"""BoundedConfidence: an agent that listens to those alone whose beliefs are near its own.

Source: Hegselmann and Krause, "Opinion dynamics and bounded confidence", JASSS 5 (3), 2002; here with two voices, the
neighbours' mean and the AI, whose distance is the mean over topics (our reconstruction).

1. A voice nearer than `confidence` counts, others do not.
2. The own belief and the voices that count get equal weights.

Cost: a comparison a topic. With a small `confidence` society stays divided; with a large one this is equal weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Agent, Task
from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError


class BoundedConfidence(Agent):
    """Ignores what is far away.

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
        """Nothing to forget."""

    def act(self, observation: Mapping[str, Array]) -> Any:
        """Equal weights on oneself and the voices that count."""
        own = np.asarray(observation["own"])
        near = np.stack(
            [
                ordered_sum(np.abs(np.asarray(observation[voice]) - own)) / own.shape[1] <= self.confidence
                for voice in ("neighbours", "ai")
            ],
            axis=1,
        )
        return near / (1.0 + near.sum(axis=1, keepdims=True))
