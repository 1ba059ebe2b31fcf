"""TopRanked: plays the action that was last ranked first; with noiseless rankings of averages, fictitious play."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Agent, Task
from ...core.arrays import Array, backend
from ...core.errors import PalaestraError
from ...core.randomness import Draw, lane_keys
from .proposals import point_strategies
from .ranking_task import RankingTask


class TopRanked(Agent):
    """The naive use of a ranking: trust it.

    1. Full information: play the first of the last ranking; before any, action 0.
    2. Bandit information: propose it once, and K - 1 actions uniformly at random, so that all are ranked again (ours).

    In a game with time-average rankings of temperature 0 it is fictitious play (Remark K.3 of arXiv 2603.19221; Brown
    1951): the first of the ranking is a best response to the others' play so far, ties to the smaller index. There is
    no guarantee: fictitious play cycles in some games, with instantaneous rankings it responds only to the last round,
    and noise makes it play at random. Cost O(1) per round.
    """

    stochastic: ClassVar[bool] = True
    learns: ClassVar[bool] = False
    plays: ClassVar[tuple[str, ...]] = ("RankingBandit-v0", "RankingGame-v0", "ModelRouting-v0")

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Start at round 0.

        Raises:
            PalaestraError: A task without rankings.
        """
        self.task = RankingTask.of(task)
        if self.task.feedback == "numeric":
            raise PalaestraError("TopRanked reads rankings; with feedback='numeric' use NumericHedge.")
        self.keys, self.step = lane_keys(seed, backend()), 0

    def act(self, observation: Any) -> Array:
        """The first of the ranking; under bandit information also random proposals."""
        first = observation["ranking"][:, 0]
        first = np.where(first < self.task.actions, first, 0)
        if not self.task.bandit:
            return point_strategies(first, self.task.actions)
        draw = Draw(self.keys, self.step, backend())
        self.step += 1
        others = draw.integers("company", self.task.actions, (self.task.proposals - 1,))
        return np.concatenate([first[:, None], others], axis=1)
