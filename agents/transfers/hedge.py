"""Hedge: exponential weights on what each own action would have earned.

Freund and Schapire, "A decision-theoretic generalization of on-line learning" (1997), as a baseline without contracts:
it knows its payoffs, so it learns the value of every action in every round.
"""

from __future__ import annotations

from math import log, sqrt
from typing import Any, ClassVar

import numpy as np

from ...core.arrays import Array
from ...theory.games.strategies import sample_actions
from ...theory.learning.no_regret import Hedge as ExponentialWeights
from .transfer_player import TransferPlayer


class Hedge(TransferPlayer):
    """Samples from pi proportional to exp(eta * sum of values), eta = sqrt(8 log A / T) / range of the values.

    The range is that of the base game's payoffs. External regret is at most range * sqrt(T log A / 2); the bound does
    not hold if transfers received exceed the range. It promises nothing.
    """

    stochastic: ClassVar[bool] = True

    def prepare(self) -> None:
        """Start from uniform play."""
        low, high = self.task.public["source"].span
        actions = max(2, int(self.legal.sum()))
        rate = sqrt(8.0 * log(actions) / self.rounds) / max(high - low, np.finfo(float).tiny)
        legal = np.broadcast_to(self.legal, (self.lanes, len(self.legal)))
        self.learner = ExponentialWeights(self.lanes, len(self.legal), min(rate, 1e6), legal)

    def choose(self, observation: Any) -> Array:
        """A sample of the current strategy."""
        return sample_actions(self.learner.strategy, self.unit())

    def update(self, play: Array, values: Array) -> None:
        """Reweight every action by what it would have earned."""
        self.learner.observe(values)
