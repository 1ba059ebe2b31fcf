"""What learners from duels share: they count who was ranked ahead of whom, and propose a pair in turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from ..core.agent import Agent, Task, Transition
from ..core.arrays import Array, backend
from ..core.errors import PalaestraError
from ..core.randomness import lane_keys
from .duels import duel_wins
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
            raise PalaestraError(f"alpha={alpha!r} is not allowed: the bounds hold above 1/2.")
        self.alpha = alpha

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Forget all duels.

        Raises:
            PalaestraError: A task that shows no rankings.
        """
        told = self.task = RankingTask.of(task)
        if told.feedback == "numeric":
            name = type(self).__name__
            raise PalaestraError(f"{name} learns from rankings; with feedback='numeric' use NumericHedge or Exp3.")
        self.keys, self.step = lane_keys(seed, backend()), 0
        self.wins = np.zeros((lanes, told.actions, told.actions))

    def in_turn(self, c: Array, d: Array) -> Array:
        """K proposals that are c and d in turn: int64 (lanes, K)."""
        return np.where(np.arange(self.task.proposals) % 2 == 0, c[:, None], d[:, None])

    def learn(self, transition: Transition) -> None:
        """Count the duels of the new ranking."""
        self.step += 1
        self.wins = self.wins + duel_wins(transition.next_observation["ranking"], self.task.actions)
