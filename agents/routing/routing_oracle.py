"""RoutingOracle: the best action of every round, revealed before it.

The most that any router could reach: not a fixed action, but the best for each prompt, ties to the smaller index. Needs
`reveal="next"`, so tables call it an oracle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Agent, Task
from ...core.arrays import Array
from ..rankings.proposals import point_strategies


class RoutingOracle(Agent):
    """Plays what is revealed, in every slot."""

    learns: ClassVar[bool] = False
    privileges: ClassVar[Mapping[str, Any]] = {"reveal": "next"}
    plays: ClassVar[tuple[str, ...]] = ("RankingBandit-v0", "ModelRouting-v0")

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Note the shape of an action."""
        self.public = task.public

    def act(self, observation: Mapping[str, Array]) -> Array:
        """The best action, in every slot (or with all weight)."""
        best = np.asarray(observation["best"])
        if self.public["action"] == "proposals":
            return np.repeat(best[:, None], self.public["proposals"], axis=1)
        return point_strategies(best, self.public["num_actions"])
