"""The contract that a trace of a transfer game shows: what was promised and played in its last round."""

from __future__ import annotations

import numpy as np

from ...core.errors import PalaestraError
from ...core.traces.trace import Trace
from ...theory.games import Game
from ...theory.games.strategies import best_actions, legal_actions, pure_strategies
from ...theory.games.transfer_contract import TransferContract


def played_contract(trace: Trace) -> tuple[Game, TransferContract]:
    """Read the contract off the last round of every lane.

    The profile is the joint action that was played, the prices are what was promised: an amount and a target action
    make a price on that action alone. What others would have done had a promise been withheld is not in a trace; the
    threats are the canonical ones, a best response in the base game to the others' play (the least index among
    equals). Where players mix, this judges what they realised, not the mixture.

    Args:
        trace: Of `TransferGame-v0`, whole (see `palaestra.replay`).

    Returns:
        The lanes' base games and the contract.

    Raises:
        PalaestraError: A trace of another game, or without its instance.
    """
    if trace.instance is None or not all(
        isinstance(a, dict) and {"amounts", "play"} <= a.keys() for a in trace.actions
    ):
        raise PalaestraError(
            "This is no whole trace of a transfer game: its instance, `amounts` and `play` are needed."
        )
    game: Game = trace.instance
    n, most = game.num_players, game.most_actions
    play = np.stack([action["play"][-1] for action in trace.actions], axis=1)
    prices = np.stack([np.asarray(action["amounts"][-2], np.float64) for action in trace.actions], axis=1)
    if "targets" in trace.actions[0]:
        targets = np.stack([action["targets"][-2] for action in trace.actions], axis=1)
        prices = prices[..., None] * (targets[..., None] == np.arange(most))
    prices = prices * ~np.eye(n, dtype=bool)[:, :, None]
    profile = pure_strategies(play, most)
    threats = best_actions(game.action_values(profile), legal_actions(game))
    return game, TransferContract(profile, prices, threats)
