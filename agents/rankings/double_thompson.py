"""DoubleThompson: double Thompson sampling, a duelling-bandit baseline that looks for a Copeland winner."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Any

import numpy as np

from ...core.agent import Task
from ...core.arrays import Array, backend
from ...core.randomness import Draw
from ...theory.rankings.gamma import sample_gamma
from .duelling_learner import DuellingLearner
from .proposals import point_strategies


class DoubleThompson(DuellingLearner):
    """D-TS (Wu, Liu, "Double Thompson sampling for dueling bandits", NeurIPS 2016, Algorithm 1), over lanes.

    With w_ij the duels that i won against j, in round t:
    1. u_ij, l_ij = w_ij / (w_ij + w_ji) +- sqrt(alpha log t / (w_ij + w_ji)), x / 0 = 1, and 1/2 for i = j.
       C = the actions with the most j such that u_ij > 1/2.
    2. theta_ij ~ Beta(w_ij + 1, w_ji + 1) for i < j, theta_ji = 1 - theta_ij. c is the action of C with the most j such
       that theta_ij > 1/2, ties at random.
    3. Draw theta_ic anew for i != c, and theta_cc = 1/2. d = argmax over {i : l_ic <= 1/2} of theta_ic.

    K proposals alternate between c and d, and a ranking counts as one duel of them (ours). With full information it
    plays the point strategy c and learns a duel of every pair from the ranking. Assumes duels whose law does not
    change: then regret is O(A^2 log T); drifting utilities defeat it. Cost O(A^2) per round, mostly for Beta numbers.

    Args:
        alpha: Width of the confidence bounds, above 1/2.
    """

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Forget all duels."""
        super().reset(task, lanes, seed)
        self._pairs = np.triu_indices(self.task.actions, 1)
        self._diagonal = np.arange(self.task.actions)

    def act(self, observation: Any) -> Array:
        """The sampled best action c and its sampled best challenger d."""
        draw, count = Draw(self.keys, self.step, backend()), self.task.actions

        # steps 1 and 2: c is the action of C that wins most sampled duels
        lower, upper = self._bounds()
        beats = (upper > 0.5).sum(-1)
        best = beats == beats.max(-1, keepdims=True)
        sampled = (self._sample(draw) > 0.5).sum(-1)
        c = np.where(best, sampled + draw.uniform("tie", (count,)), -1.0).argmax(-1)
        if not self.task.bandit:
            return point_strategies(c, count)

        # step 3: d wins its newly sampled duel against c by most
        column = c[:, None, None]
        won = np.take_along_axis(self.wins, column, 2)[:, :, 0]
        lost = np.take_along_axis(self.wins, column, 1)[:, 0, :]
        theta = _beta(won + 1.0, lost + 1.0, draw, "challenger")
        theta = np.where(np.arange(count) == c[:, None], 0.5, theta)
        open_ = np.take_along_axis(lower, column, 2)[:, :, 0] <= 0.5
        d = np.where(open_, theta, -1.0).argmax(-1)
        return self.in_turn(c, d)

    def _bounds(self) -> tuple[Array, Array]:
        total = self.wins + np.swapaxes(self.wins, 1, 2)
        some = np.maximum(total, 1e-9)
        mean = np.where(total > 0, self.wins / some, 1.0)
        width = np.where(total > 0, np.sqrt(self.alpha * log(self.step + 1) / some), 1.0)
        lower, upper = mean - width, mean + width
        lower[:, self._diagonal, self._diagonal] = upper[:, self._diagonal, self._diagonal] = 0.5
        return lower, upper

    def _sample(self, draw: Draw) -> Array:
        """Step 2's theta, (lanes, A, A)."""
        i, j = self._pairs
        upper = _beta(self.wins[:, i, j] + 1.0, self.wins[:, j, i] + 1.0, draw, "champion")
        theta = np.full(self.wins.shape, 0.5)
        theta[:, i, j], theta[:, j, i] = upper, 1.0 - upper
        return theta


def _beta(a: Array, b: Array, draw: Draw, stream: str) -> Array:
    first = sample_gamma(a, draw, f"{stream}/a")
    return np.asarray(first / (first + sample_gamma(b, draw, f"{stream}/b")))
