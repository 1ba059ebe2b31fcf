"""Random plays of a game in OpenSpiel, compared step by step with its stored states."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from ..core.errors import PalaestraError
from .open_spiel_states import OpenSpielStates


def open_spiel_playouts(game: Any, table: OpenSpielStates, plays: int = 100) -> None:
    """Play random actions in OpenSpiel and in the stored states, and compare.

    After a move of chance, several stored states may match what OpenSpiel shows; all of them are followed.

    Args:
        game: A `pyspiel.Game`.
        table: Its stored states.
        plays: Number of random plays.

    Raises:
        PalaestraError: Legal actions, rewards or the end differ somewhere: plays were merged that are not the same.
    """
    for seed in range(plays):
        chance, state = Random(seed), game.new_initial_state()
        _play_chance(state, chance)
        candidates = {int(node) for node in table.following[table.first]}
        for step in range(table.horizon + 1):
            # the stored states that show what OpenSpiel shows
            candidates = {node for node in candidates if _shows_the_same(game, table, node, state, step)}
            if not candidates:
                raise PalaestraError(
                    f"merge=True confuses plays of {game}: after {state.history_str()!r} no merged state shows what "
                    "OpenSpiel shows. Use merge=False."
                )
            if state.is_terminal() or step == table.horizon:
                break

            # a random move in OpenSpiel
            before, joint = state.returns(), []
            for player in range(game.num_players()):
                joint.append(chance.choice(state.legal_actions(player) or [0]))
            if state.is_simultaneous_node():
                state.apply_actions(joint)
            else:
                state.apply_action(joint[state.current_player()])
            _play_chance(state, chance)

            # the same move in the stored states: the outcomes that pay the same
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
