"""Loading OpenSpiel's games by name."""

from __future__ import annotations

from typing import Any

from ...core.errors import PalaestraError, UnknownName
from ...core.extra import import_extra


def load_open_spiel(game: Any) -> Any:
    """A game of OpenSpiel.

    Args:
        game: A name with parameters, "matrix_pd" or "blotto(coins=4,fields=2)"; or a `pyspiel.Game`, which is returned.

    Raises:
        PalaestraError: OpenSpiel is not installed, has no such game, or refuses the parameters.
    """
    pyspiel = import_extra("pyspiel", "interop")
    if isinstance(game, pyspiel.Game):
        return game
    name = str(game).partition("(")[0]
    if name not in pyspiel.registered_names():
        raise UnknownName("OpenSpiel game", name, pyspiel.registered_names())
    try:
        return pyspiel.load_game(game)
    except Exception as error:
        raise PalaestraError(f"OpenSpiel cannot load {game!r}: {str(error).partition('Available')[0]}") from error
