"""BestResponse: play what would have been best in the last round.

Cournot's adjustment (Recherches, 1838, ch. VII) as an uncontracted baseline: it promises nothing, but takes the
promises it gets into account.
"""

from __future__ import annotations

from typing import Any

from ...core.arrays import Array
from ...theory.games.strategies import best_actions
from .transfer_player import TransferPlayer


class BestResponse(TransferPlayer):
    """Best response to the others' last play, and to uniform play in the first round; least index among equals.

    All players move at once, so it may cycle (matching pennies, coordination from a bad start). Deterministic.
    """

    def prepare(self) -> None:
        """Before any play: expect uniform play."""
        self.expected = self.values(self.uniform())

    def choose(self, observation: Any) -> Array:
        """The best action against the last play, with what is promised now."""
        return best_actions(self.expected + self.received(observation), self.legal)

    def update(self, play: Array, values: Array) -> None:
        """Remember the last play."""
        self.expected = self.values(self.pure(play))
