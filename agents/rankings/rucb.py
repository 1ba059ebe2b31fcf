"""RUCB: relative upper confidence bounds, a duelling-bandit baseline that looks for an action that beats all others."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Any

import numpy as np

from ...core.agent import Task
from ...core.arrays import Array, backend
from ...core.randomness import Draw
from .duelling_learner import DuellingLearner
from .proposals import point_strategies


class RUCB(DuellingLearner):
    """Relative upper confidence bound (Zoghi, Whiteson, Munos, de Rijke, ICML 2014, Algorithm 1), over lanes.

    With w_ij the duels that i won against j, in round t:
    1. u_ij = w_ij / (w_ij + w_ji) + sqrt(alpha log t / (w_ij + w_ji)), x / 0 = 1, u_ii = 1/2.
    2. C = {c : u_cj >= 1/2 for all j}. If C is empty, c is any action. B <- B and C; if C has one action, B = C and c
       is that action. Otherwise c is drawn from C: B's element with probability 1/2, the others uniformly.
    3. d = argmax_j u_jc, ties at random and never to c; compare c and d.

    K proposals alternate between c and d, and a ranking counts as one duel of them (ours). With full information it
    plays the point strategy c and learns a duel of every pair from the ranking. Assumes a Condorcet winner and a law of
    duels that does not change: then regret is O(log T); drifting utilities defeat it. Cost O(A^2) per round.

    Args:
        alpha: Width of the confidence bounds, above 1/2.
    """

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Forget all duels, and the champion."""
        super().reset(task, lanes, seed)
        self.champion = np.full(lanes, -1)

    def act(self, observation: Any) -> Array:
        """The champion c and its strongest challenger d."""
        draw, count = Draw(self.keys, self.step, backend()), self.task.actions
        upper = self._upper()
        c = self._pick_champion((upper >= 0.5).all(-1), draw)
        if not self.task.bandit:
            return point_strategies(c, count)
        against = np.take_along_axis(upper, c[:, None, None], 2)[:, :, 0]
        level = against == against.max(-1, keepdims=True)
        others = level & (np.arange(count) != c[:, None])
        level = np.where(others.any(-1, keepdims=True), others, level)
        d = np.where(level, draw.uniform("challenger", (count,)), -1.0).argmax(-1)
        return self.in_turn(c, d)

    def _upper(self) -> Array:
        total = self.wins + np.swapaxes(self.wins, 1, 2)
        some = np.maximum(total, 1e-9)
        bound = self.wins / some + np.sqrt(self.alpha * log(self.step + 1) / some)
        upper = np.where(total > 0, bound, 2.0)  # x / 0 = 1 in both terms
        upper[:, np.arange(self.task.actions), np.arange(self.task.actions)] = 0.5
        return upper

    def _pick_champion(self, candidates: Array, draw: Draw) -> Array:
        """Step 2; a lane's `champion` is B's only element, or -1."""
        count, size = self.task.actions, candidates.sum(-1)
        ids = np.arange(count)
        kept = np.take_along_axis(candidates, np.maximum(self.champion, 0)[:, None], 1)[:, 0] & (self.champion >= 0)
        alone = candidates.argmax(-1)
        self.champion = np.where(size == 1, alone, np.where(kept, self.champion, -1))
        stay = (self.champion >= 0) & (draw.uniform("stay") < 0.5)
        others = np.where((size == 0)[:, None], True, candidates & (ids != self.champion[:, None]))
        drawn = np.where(others, draw.uniform("champion", (count,)), -1.0).argmax(-1)
        return np.where((size == 1) | stay, self.champion, drawn)
