"""How far joint play is from a coarse correlated equilibrium."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from .normal_form import NormalFormGame
from .polymatrix import PolymatrixGame


def coarse_correlated_gap(game: NormalFormGame | PolymatrixGame, plays: Array, weights: Array | None = None) -> Array:
    """max_i max_a' E[u_i(a', a_-i) - u_i(a)] where a follows the weighted joint plays.

    The smallest eps for which the joint distribution is an eps-coarse correlated equilibrium, but negative where every
    deviation loses. It equals the greatest external regret of a player, averaged over the plays. A game of
    `fractions.Fraction` gives the exact gap.

    Args:
        game: One game for all lanes, or one per lane.
        plays: int64 (plays, lanes, players), pure profiles.
        weights: One per play, summing to 1; None: uniform.

    Returns:
        (lanes,): float64, or objects of `Fraction`.

    Raises:
        PalaestraError: No plays, or plays that do not fit the game.
    """
    count = len(plays)
    if plays.ndim != 3 or not count or plays.shape[2] != game.num_players:
        raise PalaestraError(f"plays of shape {plays.shape} are not (plays, lanes, {game.num_players}), one or more.")
    exact = game.payoffs.dtype == object
    share = [Fraction(1, count) if exact else 1.0 / count] * count if weights is None else weights
    unit = np.array([Fraction(0), Fraction(1)], object) if exact else np.array([0.0, 1.0])
    actions = np.arange(game.most_actions)
    gain: Any = 0
    for profile, weight in zip(plays, share, strict=True):
        values = game.action_values(unit[(profile[:, :, None] == actions).astype(np.int64)])
        gain = gain + (values - np.take_along_axis(values, profile[:, :, None], 2)) * weight
    for player, own in enumerate(game.num_actions):
        gain[:, player, own:] = gain[:, player, :1]
    return gain.max(axis=(1, 2))


def coarse_correlated_gap_of_strategies(game: NormalFormGame | PolymatrixGame, strategies: Array) -> Array:
    """The gap of the average joint distribution of independent mixed play, after every round.

    The joint distribution of a round is the product of its strategies. The average over rounds is not a product; its
    gap is max_i max_a' (1/t) sum_s (u_i(a', x_-i^s) - u_i(x^s)). Cost O(rounds * players * payoffs).

    Args:
        game: One game for all lanes, or one per lane.
        strategies: (rounds, lanes, players, actions), padded with zeros; float64, or objects of `Fraction` with a game
            of such, for the exact gap.

    Returns:
        (rounds, lanes): after 1, 2, ... rounds; float64, or objects of `Fraction`.

    Raises:
        PalaestraError: No strategies, or strategies that do not fit the game.
    """
    if strategies.ndim != 4 or not len(strategies) or strategies.shape[2:] != (game.num_players, game.most_actions):
        raise PalaestraError(
            f"strategies of shape {strategies.shape} are not (rounds, lanes, {game.num_players}, {game.most_actions}), "
            "one round or more."
        )
    kind = np.result_type(game.payoffs, strategies)
    gain, gaps = np.zeros(strategies.shape[1:], kind), np.empty(strategies.shape[:2], kind)
    missing = np.arange(game.most_actions) >= np.array(game.num_actions)[:, None]
    for t, joint in enumerate(strategies):
        values = game.action_values(joint)
        gain = gain + (values - ordered_sum(values * joint)[..., None])
        # The first action exists for everybody, so it stands in for those that do not.
        gaps[t] = np.where(missing, gain[:, :, :1], gain).max(axis=(1, 2)) / (t + 1)
    return gaps
