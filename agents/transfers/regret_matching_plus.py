"""RegretMatchingPlus: plays in proportion to positive regrets.

Tammelin, "Solving large imperfect information games using CFR+" (arXiv 1407.5042, 2014) for one decision, as a baseline
without contracts: it knows its payoffs, so it learns the value of every action in every round.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...theory.games.strategies import sample_actions
from .transfer_player import TransferPlayer


class RegretMatchingPlus(TransferPlayer):
    """Samples from pi proportional to Q, where Q <- max(0, Q + values - <pi, values>), uniform while Q is 0.

    External regret is at most range * sqrt(A T) (Tammelin et al., IJCAI 2015, theorem 1), without a step size. It
    promises nothing.
    """

    stochastic: ClassVar[bool] = True

    def prepare(self) -> None:
        """Start without regrets."""
        self.positive = np.zeros((self.lanes, len(self.legal)))

    def _strategy(self) -> Array:
        total = ordered_sum(self.positive)[:, None]
        return np.where(total > 0, self.positive / np.where(total > 0, total, 1.0), self.legal / self.legal.sum())

    def choose(self, observation: Any) -> Array:
        """A sample of the current strategy."""
        return sample_actions(self._strategy(), self.unit())

    def update(self, play: Array, values: Array) -> None:
        """Add the regrets of this round and cut them at zero."""
        regret = values - ordered_sum(values * self._strategy())[:, None]
        self.positive = np.where(self.legal, np.maximum(0.0, self.positive + regret), 0.0)
