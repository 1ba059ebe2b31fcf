"""ConstantReliance: an agent that relies on neighbours and on the AI with the same weights in every round.

Source: DeGroot, "Reaching a consensus", JASA 69, 1974, where the AI has no weight; with weights 1 - beta and beta the
agents of "How AI Aggregation Affects Knowledge" (arXiv 2604.04906). The rest up to 1 stays on the agent's own current
belief (Friedkin and Johnsen keep its first belief instead).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Agent, Task
from ...core.errors import PalaestraError


class ConstantReliance(Agent):
    """Relies on the same sources in every round.

    Args:
        neighbours: Weight on the neighbours' mean, from 0.
        ai: Weight on the AI, from 0; both together at most 1.
    """

    learns: ClassVar[bool] = False
    needs: ClassVar[Mapping[str, Any]] = {"seat": "agents"}
    plays: ClassVar[tuple[str, ...]] = ("SocialLearning-v0",)

    def __init__(self, neighbours: float = 0.7, ai: float = 0.3) -> None:
        if not (neighbours >= 0 and ai >= 0 and neighbours + ai <= 1.0 + 1e-12):
            raise PalaestraError(f"neighbours={neighbours!r}, ai={ai!r}: give weights from 0 that add up to at most 1.")
        self.weights = (float(neighbours), float(ai))

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Read the number of lanes."""
        self.lanes = lanes

    def act(self, observation: Any) -> Any:
        """The same weights in every lane."""
        return np.tile(np.array(self.weights), (self.lanes, 1))
