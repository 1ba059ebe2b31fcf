"""The payoff of a player that is the only one to reject an offer, and the punishments that keep it low."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.arrays import Array, ordered_sum
from .normal_form import NormalFormGame


@dataclass(frozen=True, eq=False)
class OutsideOptions:
    """Punishments, and the payoff of a lone rejector's best reply to each.

    Attributes:
        values: (players,): v_i = max_a u_i(a, punishment of i), computed from the punishments themselves, so it is
            correct even where harsher punishments exist.
        punishments: (players, profiles of the others): a distribution over the joint actions of all but i, in
            lexicographic order, padded with zeros.
        method: How the punishments were found.
    """

    values: Array
    punishments: Array
    method: str


def against_others(game: NormalFormGame, player: int) -> Array:
    """u_i as a matrix: (lanes, A_i, joint actions of the others in lexicographic order)."""
    lanes, count = game.payoffs.shape[0], game.num_actions[player]
    return np.moveaxis(game.payoffs[:, player], player + 1, 1).reshape(lanes, count, -1)


def outside_options(game: NormalFormGame, punishments: list[Array], method: str) -> OutsideOptions:
    """Pad the punishments and compute the payoff of the best reply to each.

    Args:
        game: One game (one lane).
        punishments: For each player, weights over the joint actions of the others.
        method: How they were found.
    """
    width = max(len(weights) for weights in punishments)
    padded, values = np.zeros((game.num_players, width)), np.zeros(game.num_players)
    for i, weights in enumerate(punishments):
        kept = np.maximum(weights, 0.0)
        kept = kept / ordered_sum(kept)
        padded[i, : len(kept)] = kept
        values[i] = ordered_sum(against_others(game, i)[0] * kept).max()
    return OutsideOptions(values, padded, method)


def joint(strategies: list[Array]) -> Array:
    """The product distribution of independent strategies, over joint actions in lexicographic order."""
    product = np.ones(1)
    for strategy in strategies:
        product = (product[:, None] * strategy[None, :]).reshape(-1)
    return product
