"""RoutingOracle: plays the best action of every round, which is revealed before it.

No router can do better: it plays the best action for each prompt, ties to the smaller index. It needs `reveal="next"`,
so tables call it an oracle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Agent, Task
from ...core.arrays import Array
from ..rankings.proposals import point_strategies


class RoutingOracle(Agent):
    """Plays the revealed action, in every slot."""

    learns: ClassVar[bool] = False
    privileges: ClassVar[Mapping[str, Any]] = {"reveal": "next"}
    plays: ClassVar[tuple[str, ...]] = ("RankingBandit-v0", "ModelRouting-v0")

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Read the shape of an action."""
        self.public = task.public

    def act(self, observation: Mapping[str, Array]) -> Array:
        """The best action, in every slot (or with all weight)."""
        best = np.asarray(observation["best"])
        if self.public["action"] == "proposals":
            return np.repeat(best[:, None], self.public["proposals"], axis=1)
        return point_strategies(best, self.public["num_actions"])
