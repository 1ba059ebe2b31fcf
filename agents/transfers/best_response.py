"""BestResponse: plays the action that would have been best in the last round.

Cournot's adjustment (Recherches, 1838, ch. VII) as a baseline without contracts: it promises nothing, but takes the
promises of others into account.
"""

from __future__ import annotations

from typing import Any

from ...core.arrays import Array
from ...theory.games.strategies import best_actions
from .transfer_player import TransferPlayer


class BestResponse(TransferPlayer):
    """Best response to the others' last play, and to uniform play in the first round; ties to the smaller index.

    All players move at once, so it may cycle (matching pennies, coordination from a bad start). Deterministic.
    """

    def prepare(self) -> None:
        """Before any play: expect uniform play."""
        self.expected = self.values(self.uniform())

    def choose(self, observation: Any) -> Array:
        """The best action against the last play, given the promises of this round."""
        return best_actions(self.expected + self.received(observation), self.legal)

    def update(self, play: Array, values: Array) -> None:
        """Remember the last play."""
        self.expected = self.values(self.pure(play))
