"""Ascent of the welfare by best responses, one player after another."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from . import Game
from .stationary_point import StationaryPoint
from .strategies import best_actions, best_values, legal_actions, pure_strategies
from .welfare_game import welfare_game


def best_response_ascent(
    game: Game, start: Array, tolerance: float = 1e-12, most_sweeps: int = 10_000
) -> StationaryPoint:
    """Let players in turn choose the action that is best for the welfare W, until no player can raise it.

    Source: transfers sheet 1b', algorithm 2 (best response in an exact potential game: Monderer and Shapley 1996).

    1. First sweep: for i = 0, 1, ..., n - 1 set x_i to the pure action of greatest dW/dx_i. W is linear in x_i, so no
       step lowers W, and a mixed profile becomes a pure one that is at least as good.
    2. Later sweeps: the same, only where W rises by more than `tolerance`.
    3. Stop after a sweep without change. There are finitely many pure profiles and W rises, so it stops; in the worst
       case after exponentially many sweeps (pure local optima are PLS-hard), then with a positive `gap`.

    Args:
        game: float64 or fractions (then give a start of fractions and `tolerance=0`).
        start: (lanes, players, actions).
        tolerance: Smallest rise of W that counts.
        most_sweeps: Limit on the number of sweeps.

    Returns:
        A pure stationary point; that of a lane does not depend on the other lanes. Cost: n gradients per sweep.
    """
    legal, shared = legal_actions(game), welfare_game(game)
    lanes, most = max(game.lanes, start.shape[0]), game.most_actions
    x = np.array(np.broadcast_to(start, (lanes, *start.shape[1:])))
    steps = np.zeros(lanes, np.int64)
    for sweep in range(most_sweeps):
        changed = np.zeros(lanes, bool)
        for i in range(game.num_players):
            values = shared.action_values(x)[:, i]
            better = pure_strategies(best_actions(values, legal[i]), most, x.dtype)
            rise = best_values(values, legal[i]) - ordered_sum(values * x[:, i])
            move = np.full(lanes, True) if sweep == 0 else np.asarray(rise > tolerance, bool)
            changed |= move & (better != x[:, i]).any(-1)
            x[:, i] = np.where(move[:, None], better, x[:, i])
        steps += changed
        if not changed.any():
            break
    gradient = shared.action_values(x)
    gap = (best_values(gradient, legal) - ordered_sum(gradient * x)).max(-1)
    return StationaryPoint(x, gap, steps, "best_response")
