"""Where base games come from: one fixed game, or a random family from which every lane draws its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ...core.arrays import Array
from ...core.randomness import Draw
from . import Game, PolymatrixGame


@dataclass(frozen=True)
class GameSource:
    """One fixed game, or a family from which every lane draws its own.

    Attributes:
        form: The fixed game, or a game with the shape of the family (players, actions, edges) whose payoffs only serve
            as a template.
        draw: None for a fixed game; else makes the payoffs (lanes, ...) of every lane.
        span: Least and greatest payoff of any player.
    """

    form: Game
    draw: Callable[[Draw], Array] | None
    span: tuple[float, float]

    @property
    def drawn(self) -> bool:
        """Whether every lane draws a game of its own."""
        return self.draw is not None

    def game(self, payoffs: Array | None) -> Game:
        """The lanes' games from their payoffs (None where the game is fixed)."""
        if payoffs is None:
            return self.form
        if isinstance(self.form, PolymatrixGame):
            return replace(self.form, blocks=payoffs)
        return replace(self.form, payoffs=payoffs)
