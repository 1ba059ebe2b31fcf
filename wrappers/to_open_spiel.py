"""ToOpenSpiel: games of this package for OpenSpiel's solvers: payoffs as tensors, rules as simultaneous moves.

Source: Lanctot et al., "OpenSpiel: A Framework for Reinforcement Learning in Games" (arXiv 1908.09453).
"""

from __future__ import annotations

from typing import Any

from ..core.errors import PalaestraError
from ..core.extra import import_extra
from ..core.rules import Rules
from ..theory.games import NormalFormGame, PolymatrixGame
from ..theory.games.read_game import read_game
from .open_spiel_rules import open_spiel_rules


def to_open_spiel(game: Any, name: str = "", seed: int = 0) -> Any:
    """A game of this package as a `pyspiel.Game`.

    A game in normal form becomes a matrix game (two players) or a tensor game. Rules become a simultaneous-move game
    that is registered with OpenSpiel, so that `pyspiel.load_game(name)` makes it again.

    Args:
        game: A game, a classic's name, a `.nfg` path or payoffs as nested lists; or rules of several players whose
            actions are Discrete and whose steps draw nothing.
        name: OpenSpiel's short name. Rules need a name that is not taken; registering other rules under it again
            replaces them.
        seed: Seed of the lane that is played, if the start draws numbers. A parameter of the registered game:
            `pyspiel.load_game(name, {"seed": 7})`.

    Returns:
        `pyspiel.MatrixGame`, `pyspiel.TensorGame`, or a game in Python.

    Raises:
        PalaestraError: OpenSpiel is not installed, a family of random games, several lanes of payoffs, or rules that
            OpenSpiel cannot express.
    """
    pyspiel = import_extra("pyspiel", "interop")
    # rules become a game in Python
    if isinstance(game, Rules):
        return open_spiel_rules(game, name, seed)

    # anything else is read as one game in normal form
    if not isinstance(game, (NormalFormGame, PolymatrixGame)):
        source = read_game(game, 2, 2)
        if source.drawn:
            raise PalaestraError(f"{game!r} is a family from which each lane draws a game. Give one game.")
        game = source.form
    form = game.normal_form()
    if form.lanes != 1:
        raise PalaestraError(f"There are {form.lanes} lanes of payoffs. Give one game, for example game.lane(0).")

    # whose payoffs OpenSpiel takes as tables
    called = name or form.name or "palaestra_game"
    payoffs = form.payoffs[0].astype(float)
    actions = [[f"action_{k}" for k in range(count)] for count in form.num_actions]
    if form.num_players == 2:
        return pyspiel.create_matrix_game(called, called, *actions, payoffs[0].tolist(), payoffs[1].tolist())
    return pyspiel.create_tensor_game(called, called, actions, [table.reshape(-1).tolist() for table in payoffs])
