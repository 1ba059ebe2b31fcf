"""FictitiousPlay: best response to the empirical frequencies of play.

Brown, "Iterative solution of games by fictitious play" (1951), as a baseline without contracts: it promises nothing,
but takes the promises of others into account.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.arrays import Array
from ...theory.games.strategies import best_actions
from .transfer_player import TransferPlayer


class FictitiousPlay(TransferPlayer):
    """Best response to the product of the opponents' empirical frequencies; ties to the smaller index.

    The belief before the first round is uniform and weighs as much as one round. Frequencies converge to equilibrium
    in zero-sum games (Robinson 1951) and potential games, and cycle in Shapley's game. Deterministic.
    """

    def prepare(self) -> None:
        """Start from one round's weight of uniform play."""
        self.counts = np.array(np.broadcast_to(self.uniform(), (self.lanes, *self.uniform().shape[1:])))

    def choose(self, observation: Any) -> Array:
        """The best action against the frequencies, given the promises of this round."""
        return best_actions(self.values(self.counts / (self.round + 1.0)) + self.received(observation), self.legal)

    def update(self, play: Array, values: Array) -> None:
        """Count what was played."""
        self.counts = self.counts + self.pure(play)
