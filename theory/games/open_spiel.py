"""OpenSpiel's one-shot games as payoff tensors."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any

import numpy as np

from ...core.errors import PalaestraError
from .normal_form import NormalFormGame
from .open_spiel_library import load_open_spiel

MOST_PROFILES = 1_000_000


def open_spiel_game(game: Any) -> NormalFormGame:
    """The payoff tensor of a game in which all players act once, at the same time.

    Every joint action is played by OpenSpiel's own rules, so this works for matrix games, tensor games and others such
    as Blotto. Actions keep their order; where a player's legal actions are not 0, 1, 2, ... they are renumbered.

    Args:
        game: A `pyspiel.Game`, or a name that OpenSpiel loads: "matrix_pd", "blotto(coins=4,fields=2)".

    Raises:
        PalaestraError: OpenSpiel is not installed or has no such game, or the game is not a one-shot game.
    """
    game = load_open_spiel(game)
    start = game.new_initial_state()
    if not start.is_simultaneous_node() or game.max_game_length() != 1 or game.max_chance_nodes_in_history():
        raise PalaestraError(
            f"{game} is not of one shot: everybody must act once, at the same time, without chance. "
            "Use wrappers.FromOpenSpiel for games of several steps."
        )
    legal = [start.legal_actions(player) for player in range(game.num_players())]
    counts = tuple(map(len, legal))
    if prod(counts) > MOST_PROFILES:
        raise PalaestraError(f"{game} has {prod(counts)} joint actions; at most {MOST_PROFILES} are written down.")
    payoffs = np.zeros((len(counts), *counts))
    for profile in product(*map(range, counts)):
        end = start.clone()
        end.apply_actions([actions[k] for actions, k in zip(legal, profile, strict=True)])
        for player, earned in enumerate(end.returns()):
            payoffs[(player, *profile)] = earned
    return NormalFormGame.of(payoffs, str(game))
