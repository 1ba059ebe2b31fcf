"""The gain of the best deviation: from a profile, from a contract in the agent normal form, and in the whole game.

This code checks contracts. It uses only the payoffs of deviating profiles and shares no code with the functions that
build contracts. With payoffs of `fractions.Fraction` every number is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from . import Game, PolymatrixGame
from .strategies import best_values, legal_actions, pure_strategies
from .transfer_contract import TransferContract

MOST_PLAYERS = 12


def base_deviation_gain(game: Game, profile: Array) -> Array:
    """The greatest gain of one player from changing its play in the base game, without transfers.

    Args:
        game: floats or fractions.
        profile: (lanes, players, actions).

    Returns:
        (lanes,); 0 exactly at Nash equilibria.
    """
    values = game.action_values(profile)
    return _at_least_nothing(best_values(values, legal_actions(game)) - ordered_sum(values * profile))


def agent_normal_form_gain(game: Game, contract: TransferContract) -> Array:
    """The greatest gain of one agent, where a player's two stages are two agents and only one deviates.

    A stage-2 agent changes its play after promises were kept. A stage-1 agent withholds its promises to a set of
    recipients, who then play their threats; the play of its own player stays the same. Promising more than the contract
    gains nothing, because recipients only react to shortfalls. In polymatrix games the gains of withholding add up over
    recipients; in normal form every set is tried (at most 12 players).

    Args:
        game: floats or fractions.
        contract: Of the same kind of numbers.

    Returns:
        (lanes,); 0 exactly at equilibria of the agent normal form.
    """
    augmented = game.action_values(contract.profile) + ordered_sum(contract.prices, 1)
    now = ordered_sum(augmented * contract.profile)
    gain = best_values(augmented, legal_actions(game)) - now
    for withheld in _withholding(game, contract, own_play_too=False):
        gain = np.maximum(gain, withheld - now)
    return _at_least_nothing(gain)


def augmented_gain(game: Game, contract: TransferContract) -> Array:
    """The greatest gain of one player in the whole two-stage game: it may withhold and change its play at once.

    Args:
        game: floats or fractions.
        contract: Of the same kind of numbers. The other players react as the contract says.

    Returns:
        (lanes,); never less than `agent_normal_form_gain`, and 0 exactly at Nash equilibria of the augmented game.
    """
    now = ordered_sum((game.action_values(contract.profile) + ordered_sum(contract.prices, 1)) * contract.profile)
    gain = now * 0
    for withheld in _withholding(game, contract, own_play_too=True):
        gain = np.maximum(gain, withheld - now)
    return _at_least_nothing(gain)


def _at_least_nothing(gains: Array) -> Array:
    """The greatest gain over players; staying is always possible."""
    greatest = gains.max(-1)
    return np.maximum(greatest, greatest * 0)


def _withholding(game: Game, contract: TransferContract, own_play_too: bool) -> Iterator[Array]:
    """What each player gets, gross of what the contract lets it pay, by its best withholding; (lanes, players) each."""
    x, paid = contract.profile, contract.transfers
    received, legal = ordered_sum(contract.prices, 1), legal_actions(game)
    threats = pure_strategies(contract.threats, x.shape[-1], x.dtype)

    def worth(values: Array) -> Array:
        return best_values(values, legal) if own_play_too else ordered_sum(values * x)

    if isinstance(game, PolymatrixGame):
        on_path = game.action_values(x)
        total = on_path + received
        for i in range(game.num_players):
            deviated = x.copy()
            deviated[:, i] = threats[:, i]
            change = game.action_values(deviated) - on_path
            if not own_play_too:
                change = np.broadcast_to(ordered_sum(change * x)[..., None], change.shape)
            saved = change + paid[:, :, i, None]
            total = total + np.where(paid[:, :, i, None] > 0, np.maximum(saved, saved * 0), saved * 0)
        yield worth(total)
        return
    if game.num_players > MOST_PLAYERS:
        raise PalaestraError(
            f"{game.num_players} players are too many: in normal form all sets of at most {MOST_PLAYERS} are tried."
        )
    for size in range(game.num_players + 1):
        for group in map(list, combinations(range(game.num_players), size)):
            deviated = x.copy()
            deviated[:, group] = threats[:, group]
            promised = (paid[:, :, group] > 0).all(-1)
            gross = worth(game.action_values(deviated) + received) + ordered_sum(paid[:, :, group], 2)
            yield np.where(promised, gross, worth(game.action_values(x) + received))
