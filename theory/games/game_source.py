"""Where an environment's base game comes from: a name, a file, payoffs, or a draw of its own in every lane."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError, UnknownName
from ...core.randomness import Draw
from . import Game, NormalFormGame, PolymatrixGame
from .classics import CLASSICS
from .random_games import RANDOM_GAMES


@dataclass(frozen=True)
class GameSource:
    """One fixed game, or a family from which every lane draws its own.

    Attributes:
        form: The fixed game, or a game of the drawn family's shape (players, actions, edges), its payoffs at hand for
            shape alone.
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


def game_source(game: Any, players: int, actions: int) -> GameSource:
    """Read the option `game`.

    Args:
        game: A classic's name ("prisoners_dilemma"), a random family's ("random_polymatrix", "random_normal_form"),
            the path of a `.nfg` file, a one-shot game of OpenSpiel ("open_spiel:matrix_pd"), nested lists of payoffs
            (players, A_1, ..., A_n), or a Game.
        players: For random families.
        actions: For random families.

    Raises:
        UnknownName: No such name; the message lists them.
    """
    if isinstance(game, (NormalFormGame, PolymatrixGame)):
        return GameSource(game, None, game.span)
    if isinstance(game, (list, tuple, np.ndarray)):
        return game_source(NormalFormGame.of(game), players, actions)
    if isinstance(game, str) and game.endswith(".nfg"):
        from .gambit import read_nfg

        return game_source(read_nfg(Path(game)), players, actions)
    if isinstance(game, str) and game.startswith("open_spiel:"):
        from .open_spiel import open_spiel_game

        return game_source(open_spiel_game(game.removeprefix("open_spiel:")), players, actions)
    if game in CLASSICS:
        return game_source(CLASSICS[game].game, players, actions)
    if game in RANDOM_GAMES:
        if players < 2 or actions < 1:
            raise PalaestraError(
                f"players={players}, actions={actions}: a random game needs at least 2 players and 1 action."
            )
        return RANDOM_GAMES[game](players, actions)
    raise UnknownName("game", game, [*CLASSICS, *RANDOM_GAMES, "PATH.nfg", "open_spiel:NAME"])
