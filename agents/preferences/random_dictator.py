"""RandomDictator: the option that a random evaluator ranks first, the policy equal to the groups' shares.

Source: Gibbard, "Manipulation of schemes that mix voting with chance", Econometrica 45 (1977). It is perfectly
proportional and cannot be manipulated, and no function of pairwise comparisons equals it. It sees the shares, so tables
call it an oracle. Cost O(M).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Agent, Task
from ...core.arrays import Array
from ...core.errors import PalaestraError


class RandomDictator(Agent):
    """Publishes the shares; if it must name a pair, it always names the first."""

    learns: ClassVar[bool] = False
    privileges: ClassVar[Mapping[str, Any]] = {"reveal": "shares"}
    plays: ClassVar[tuple[str, ...]] = ("PreferenceAggregation-v0",)

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Read what an action consists of.

        Raises:
            PalaestraError: The environment does not reveal the shares.
        """
        if "shares" not in getattr(task.observation_space, "spaces", {}):
            raise PalaestraError(
                "RandomDictator needs the groups' shares: use PreferenceAggregation-v0 with reveal='shares'."
            )
        self.asks = task.public["queries"] == "chosen"

    def act(self, observation: Mapping[str, Array]) -> Array:
        """The shares."""
        shares = np.array(observation["shares"], np.float64)
        return np.concatenate([shares, np.zeros_like(shares)], axis=1) if self.asks else shares
