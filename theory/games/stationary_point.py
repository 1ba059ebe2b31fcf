"""Stationary points of the welfare on the product of simplices, and how far a profile is from being one."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.arrays import Array, ordered_sum
from . import Game
from .strategies import best_values, legal_actions
from .welfare_game import welfare_game


@dataclass(frozen=True, eq=False)
class StationaryPoint:
    """Where an ascent of the welfare stopped.

    Attributes:
        strategies: (lanes, players, actions).
        gap: (lanes,): see `stationarity_gap`. At most the requested tolerance, unless the steps ran out.
        steps: int64 (lanes,): steps taken.
        method: Name of the ascent.
    """

    strategies: Array
    gap: Array
    steps: Array
    method: str


def stationarity_gap(game: Game, strategies: Array) -> Array:
    """The greatest max_a dW/dx_i[a] - <x_i, dW/dx_i> over players i: 0 at stationary points (transfers sheet, 1b).

    Args:
        game: floats or fractions.
        strategies: (lanes, players, actions).

    Returns:
        (lanes,).
    """
    gradient = welfare_game(game).action_values(strategies)
    return (best_values(gradient, legal_actions(game)) - ordered_sum(gradient * strategies)).max(-1)
