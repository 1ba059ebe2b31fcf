"""The gain of a player that is the only one to reject a binding offer, by listing the others' joint actions."""

from __future__ import annotations

from itertools import product

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from .normal_form import NormalFormGame


def gain_of_rejecting(game: NormalFormGame, profile: Array, transfers: Array, punishments: Array) -> Array:
    """The best payoff of a lone rejector, minus the payoff of accepting when all players accept.

    The offer is an equilibrium of the mediated game if and only if no gain is above 0 (transfers sheet, section 1b,
    M-SETE). The check shares no code with the solvers that make offers. With `fractions.Fraction` in all arrays it is
    exact, and so are the conditions on the offer; with floats they are checked to 1e-9.

    Args:
        game: One game, or one per lane.
        profile: int64 (lanes, players).
        transfers: (lanes, players): net payments.
        punishments: (lanes, players, profiles of the others): row i is a distribution over the joint actions of all
            players but i, in lexicographic order, padded with zeros.

    Returns:
        (lanes, players).

    Raises:
        PalaestraError: An invalid offer: payments that do not balance, punishments that are not distributions, or a
            profile that the game does not have.
    """
    counts, payoffs = game.num_actions, game.payoffs
    _refuse_tampered(game, profile, transfers, punishments)
    lane = np.arange(len(profile)) if game.lanes > 1 else np.zeros(len(profile), np.int64)
    gains = []
    for i, count in enumerate(counts):
        rejecting = transfers[:, i, None] * 0 + np.zeros(count, np.int64)
        others = [range(1) if j == i else range(counts[j]) for j in range(len(counts))]
        for k, at in enumerate(product(*others)):
            row = payoffs[(slice(None), i, *at[:i], slice(None), *at[i + 1 :])]
            rejecting = rejecting + punishments[:, i, k, None] * row
        accepting = payoffs[(lane, i, *profile.T)] + transfers[:, i]
        gains.append(rejecting.max(axis=1) - accepting)
    return np.stack(gains, axis=1)


def _refuse_tampered(game: NormalFormGame, profile: Array, transfers: Array, punishments: Array) -> None:
    n, counts = game.num_players, game.num_actions
    lanes = len(profile)
    if profile.shape != (lanes, n) or transfers.shape != (lanes, n) or punishments.shape[:2] != (lanes, n):
        raise PalaestraError(
            f"No offer to {n} players: profile {profile.shape}, transfers {transfers.shape}, "
            f"punishments {punishments.shape}."
        )
    if (profile < 0).any() or (profile >= np.array(counts)).any():
        raise PalaestraError(f"The profile {profile.tolist()} is not one of a game with {counts} actions.")
    close = 0 if transfers.dtype == object and punishments.dtype == object else 1e-9
    left = ordered_sum(transfers)
    for index in np.flatnonzero(~(abs(left) <= close * (1 + abs(transfers).max(axis=1)))):
        raise PalaestraError(f"Lane {index}: the payments {transfers[index].tolist()} add up to {left[index]}, not 0.")
    for i, count in enumerate(counts):
        width = int(np.prod(counts)) // count
        if punishments.shape[2] < width:
            raise PalaestraError(f"player_{i}: a punishment names {width} joint actions, not {punishments.shape[2]}.")
        legal = (punishments[:, i] >= 0).all() and not (punishments[:, i, width:] != 0).any()
        if not legal or not (abs(ordered_sum(punishments[:, i]) - 1) <= close).all():
            raise PalaestraError(f"player_{i}: a punishment must be a distribution over the others' {width} profiles.")
