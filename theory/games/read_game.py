"""An environment's base game from a name, a file, payoffs, or a random family."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ...core.errors import PalaestraError, UnknownName
from . import NormalFormGame, PolymatrixGame
from .classics import CLASSICS
from .game_source import GameSource
from .random_games import RANDOM_GAMES


def read_game(game: Any, players: int, actions: int) -> GameSource:
    """Read the option `game`.

    Args:
        game: A classic's name ("prisoners_dilemma"), a random family's ("random_polymatrix", "random_normal_form"),
            the path of a `.nfg` file, a one-shot game of OpenSpiel ("open_spiel:matrix_pd"), nested lists of payoffs
            (players, A_1, ..., A_n), or a Game.
        players: For random families.
        actions: For random families.

    Raises:
        UnknownName: An unknown name; the message lists the known ones.
    """
    if isinstance(game, (NormalFormGame, PolymatrixGame)):
        return GameSource(game, None, game.span)
    if isinstance(game, (list, tuple, np.ndarray)):
        return read_game(NormalFormGame.of(game), players, actions)
    if isinstance(game, str) and game.endswith(".nfg"):
        from .gambit import read_nfg

        return read_game(read_nfg(Path(game)), players, actions)
    if isinstance(game, str) and game.startswith("open_spiel:"):
        from .open_spiel import open_spiel_game

        return read_game(open_spiel_game(game.removeprefix("open_spiel:")), players, actions)
    if game in CLASSICS:
        return read_game(CLASSICS[game].game, players, actions)
    if game in RANDOM_GAMES:
        if players < 2 or actions < 1:
            raise PalaestraError(
                f"players={players}, actions={actions}: a random game needs at least 2 players and 1 action."
            )
        return RANDOM_GAMES[game](players, actions)
    raise UnknownName("game", game, [*CLASSICS, *RANDOM_GAMES, "PATH.nfg", "open_spiel:NAME"])
