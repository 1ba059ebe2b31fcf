"""The base of learners from duels: they count which action was ranked ahead of which, and propose pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from ...core.agent import Agent, Task, Transition
from ...core.arrays import Array, backend
from ...core.errors import PalaestraError
from ...core.randomness import lane_keys
from .ranking_task import RankingTask


class DuellingLearner(Agent):
    """Base of duelling-bandit agents; subclasses write `act`.

    Args:
        alpha: Width of the confidence bounds, above 1/2.

    Attributes:
        wins: float64 (lanes, A, A): `[:, i, j]` counts the duels that i won against j.
        step: Rounds played.
    """

    stochastic: ClassVar[bool] = True
    plays: ClassVar[tuple[str, ...]] = ("RankingBandit-v0", "RankingGame-v0", "ModelRouting-v0")

    def __init__(self, alpha: float = 0.51) -> None:
        if not alpha > 0.5:
            raise PalaestraError(f"alpha={alpha!r} is not allowed: the confidence bounds hold only above 1/2.")
        self.alpha = alpha

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Forget all duels.

        Raises:
            PalaestraError: A task without rankings.
        """
        facts = self.task = RankingTask.of(task)
        if facts.feedback == "numeric":
            name = type(self).__name__
            raise PalaestraError(f"{name} learns from rankings; with feedback='numeric' use NumericHedge or Exp3.")
        self.keys, self.step = lane_keys(seed, backend()), 0
        self.wins = np.zeros((lanes, facts.actions, facts.actions))

    def in_turn(self, c: Array, d: Array) -> Array:
        """K proposals that alternate between c and d: int64 (lanes, K)."""
        return np.where(np.arange(self.task.proposals) % 2 == 0, c[:, None], d[:, None])

    def learn(self, transition: Transition) -> None:
        """Count the duels of the new ranking."""
        self.step += 1
        self.wins = self.wins + duel_wins(transition.next_observation["ranking"], self.task.actions)


def duel_wins(ranking: Array, actions: int) -> Array:
    """Each pair of actions in a ranking as one duel.

    Args:
        ranking: int64 (lanes, K) action ids, best first; repeats allowed.
        actions: A.

    Returns:
        (lanes, A, A): `[:, i, j]` is the share of pairs of their occurrences with i ahead of j, 0 where there is no
        pair and on the diagonal; `[:, i, j] + [:, j, i]` is 1 where there is one.
    """
    occurs = (ranking[:, :, None] == np.arange(actions)).astype(np.int64)
    behind = np.cumsum(occurs[:, ::-1], axis=1)[:, ::-1]
    ahead = np.zeros((len(ranking), actions, actions), np.int64)
    for k in range(ranking.shape[1] - 1):
        ahead += occurs[:, k, :, None] * behind[:, k + 1, None, :]
    ahead[:, np.arange(actions), np.arange(actions)] = 0
    wins: Array = ahead / np.maximum(ahead + np.swapaxes(ahead, 1, 2), 1)
    return wins
