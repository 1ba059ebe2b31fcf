"""Random plays of a game by OpenSpiel itself, step for step beside ours."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from ..core.errors import PalaestraError
from .open_spiel_states import OpenSpielStates


def open_spiel_playouts(game: Any, table: OpenSpielStates, plays: int = 100) -> None:
    """Play random actions in OpenSpiel and in its tables, and compare.

    Where chance moves, the tables must have an outcome that pays and shows what OpenSpiel's does; the first is taken.

    Args:
        game: A `pyspiel.Game`.
        table: Its states, as read.
        plays: How many.

    Raises:
        PalaestraError: Legal actions, rewards, observations or the end differ somewhere: plays were merged that are
            not alike.
    """
    for seed in range(plays):
        chance, state = Random(seed), game.new_initial_state()
        _play_chance(state, chance)
        candidates = {int(node) for node in table.following[table.first]}
        for step in range(table.horizon + 1):
            candidates = {node for node in candidates if _shows_the_same(game, table, node, state, step)}
            if not candidates:
                raise PalaestraError(
                    f"merge=True confuses plays of {game}: after {state.history_str()!r} no merged state shows what "
                    "OpenSpiel shows. Use merge=False."
                )
            if state.is_terminal() or step == table.horizon:
                break
            before, joint = state.returns(), []
            for player in range(game.num_players()):
                joint.append(chance.choice(state.legal_actions(player) or [0]))
            if state.is_simultaneous_node():
                state.apply_actions(joint)
            else:
                state.apply_action(joint[state.current_player()])
            _play_chance(state, chance)
            earned = np.subtract(state.returns(), before)
            candidates = {
                int(node)
                for row in (table.rows[(node, *joint)] for node in candidates)
                for node, paid in zip(table.following[row], table.rewards[row], strict=True)
                if np.abs(paid - earned).max() <= 1e-9
            }


def _play_chance(state: Any, chance: Random) -> None:
    while state.is_chance_node():
        outcomes, shares = zip(*state.chance_outcomes(), strict=True)
        state.apply_action(chance.choices(outcomes, shares)[0])


def _shows_the_same(game: Any, table: OpenSpielStates, node: int, state: Any, step: int) -> bool:
    over = state.is_terminal() or step == table.horizon
    if bool(table.ended[node]) != over:
        return False
    for player, mask in enumerate(table.masks):
        legal = [] if over else state.legal_actions(player)
        if legal and np.flatnonzero(mask[node]).tolist() != legal:
            return False
    return True
