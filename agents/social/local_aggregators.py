"""LocalAggregators: one AI per topic or community, trained only on that community.

Source: Proposition 4 of "How AI Aggregation Affects Knowledge" (arXiv 2604.04906): on topics that only one community
knows, such AIs help on every topic, for every homophily, adoption and speed. With a share `own` below 1 on the own
community the statement fails: 0.9 helps on both topics in about half of random societies (our reconstruction). It needs
design "local" or "choose".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Agent, Task
from ...core.arrays import Array
from ...core.errors import PalaestraError
from .planner_task import PlannerTask


class LocalAggregators(Agent):
    """Trains local AIs by the same weights in every round.

    Args:
        own: Share of training weight on the own community; the others share the rest equally.
        speed: rho, if the planner chooses it.
    """

    learns: ClassVar[bool] = False
    plays: ClassVar[tuple[str, ...]] = ("SocialLearning-v0",)

    def __init__(self, own: float = 1.0, speed: float = 0.8) -> None:
        if not 0 <= own <= 1 or not 0 < speed < 1:
            raise PalaestraError(f"own={own!r}, speed={speed!r}: give 0 <= own <= 1 and 0 < speed < 1.")
        self.own, self.speed = own, speed

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Compute the rows: one per topic, or one per community."""
        known = PlannerTask.of(task)
        count = known.communities
        homes = np.array(known.topic_community if known.informed == "community" else range(count))
        home = homes[:, None] == np.arange(count)
        others = (1.0 - self.own) / max(count - 1, 1)
        rows = np.where(home, self.own if count > 1 else 1.0, others)
        self.action = known.local_actions(np.repeat(rows[None], lanes, axis=0), np.full(lanes, self.speed))

    def act(self, observation: Mapping[str, Array]) -> Any:
        """The same rows in every round."""
        return self.action.copy()
