"""What a planner of social learning knows before play, and how its action is built."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.agent import Task
from ...core.arrays import Array
from ...core.errors import PalaestraError


@dataclass(frozen=True)
class PlannerTask:
    """The public facts of `SocialLearning-v0` with seat "planner".

    Attributes:
        communities: C.
        topic_community: The community of each topic.
        informed: "everybody" or "community".
        design: "global", "local" or "choose".
        speed: rho, or None if the action chooses it.
        slowest: The greatest rho that an action can choose.
        global_rows: 1 if actions have a row for the global AI, else 0.
        local_rows: How many rows they have for local AIs.
        homophily: Plausible range on two islands, else None.
        adoption: Plausible range.
    """

    communities: int
    topic_community: tuple[int, ...]
    informed: str
    design: str
    speed: float | None
    slowest: float
    global_rows: int
    local_rows: int
    homophily: tuple[float, float] | None
    adoption: tuple[float, float]

    @classmethod
    def of(cls, task: Task) -> PlannerTask:
        """Read `task.public`.

        Raises:
            PalaestraError: The task is not a planner's.
        """
        public = task.public
        try:
            return cls(
                communities=public["communities"],
                topic_community=tuple(public["topic_community"]),
                informed=public["informed"],
                design=public["design"],
                speed=public["speed"],
                slowest=public["slowest"],
                global_rows=public["global_rows"],
                local_rows=public["local_rows"],
                homophily=public["homophily"],
                adoption=public["adoption"],
            )
        except KeyError as missing:
            raise PalaestraError(
                f"This agent needs SocialLearning-v0 with seat='planner'; {task.env_id or 'this environment'} does not "
                f"tell {missing}."
            ) from missing

    def global_actions(self, training: Array, speed: Array) -> Array:
        """Actions that train one global AI; if there are only local AIs, all of them by the same weights.

        Args:
            training: Weights of communities, (lanes, C).
            speed: rho, (lanes,); ignored if the speed is fixed.

        Returns:
            float64 (lanes, size).
        """
        return self._action(np.repeat(training[:, None], self.global_rows + self.local_rows, axis=1), speed, 0.0)

    def local_actions(self, rows: Array, speed: Array) -> Array:
        """Actions that train local AIs.

        Args:
            rows: (lanes, local_rows, C).
            speed: rho, (lanes,).

        Raises:
            PalaestraError: The design has no local AIs.
        """
        if not self.local_rows:
            raise PalaestraError("Local AIs need design='local' or 'choose'; here the design is 'global'.")
        padding = np.zeros((rows.shape[0], self.global_rows, self.communities))
        return self._action(np.concatenate([padding, rows], axis=1), speed, 1.0)

    def _action(self, rows: Array, speed: Array, design: float) -> Array:
        lanes = rows.shape[0]
        parts = [rows.reshape(lanes, -1)]
        if self.speed is None:
            parts.append(np.clip(speed, 0.0, 1.0)[:, None])
        if self.design == "choose":
            parts.append(np.full((lanes, 1), design))
        return np.concatenate(parts, axis=1)
