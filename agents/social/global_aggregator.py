"""GlobalAggregator: one AI for all communities, trained by their size, with a tilt to one, or not deployed.

Source: the reference planners of "How AI Aggregation Affects Knowledge" (arXiv 2604.04906), section 4; the list is our
reconstruction. "population" trains in proportion to size, so that every agent counts equally (alpha = e on two
islands); "majority" and "minority" give a share `tilt` of the weight to the largest or smallest community and divide
the rest by size; "none" deploys no AI. Ties go to the first community. Cost: C numbers per lane.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import numpy as np

from ...core.agent import Agent, Task
from ...core.arrays import Array
from ...core.errors import PalaestraError
from .planner_task import PlannerTask


class GlobalAggregator(Agent):
    """Trains by the same weights in every round.

    Args:
        towards: "population", "majority", "minority" or "none".
        tilt: Weight of the favoured community, from 0 to 1.
        speed: rho, if the planner chooses it.
    """

    learns: ClassVar[bool] = False
    plays: ClassVar[tuple[str, ...]] = ("SocialLearning-v0",)

    def __init__(
        self,
        towards: Literal["population", "majority", "minority", "none"] = "population",
        tilt: float = 0.95,
        speed: float = 0.8,
    ) -> None:
        if towards not in ("population", "majority", "minority", "none"):
            raise PalaestraError(
                f"towards={towards!r} is not allowed. Allowed: 'population', 'majority', 'minority', 'none'."
            )
        if not 0 <= tilt <= 1 or not 0 < speed < 1:
            raise PalaestraError(f"tilt={tilt!r}, speed={speed!r}: give 0 <= tilt <= 1 and 0 < speed < 1.")
        self.towards, self.tilt, self.speed = towards, tilt, speed

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Read the public facts."""
        self.task, self.lanes = PlannerTask.of(task), lanes

    def act(self, observation: Mapping[str, Array]) -> Any:
        """The weights of the rule."""
        shares = np.asarray(observation["shares"])
        return self.task.global_actions(self._training(shares), np.full(self.lanes, self.speed))

    def _training(self, shares: Array) -> Array:
        if self.towards == "none":
            return np.zeros_like(shares)
        if self.towards == "population":
            return shares
        favoured = shares.argmax(axis=1) if self.towards == "majority" else shares.argmin(axis=1)
        point = np.arange(shares.shape[1]) == favoured[:, None]
        rest = 1.0 - np.take_along_axis(shares, favoured[:, None], axis=1)
        others = np.where(point, 0.0, shares / np.where(rest > 0, rest, 1.0))
        return np.where(point, self.tilt, (1.0 - self.tilt) * others)
