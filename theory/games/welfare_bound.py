"""A bound on the welfare that anyone can check by additions and maxima alone."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from . import PolymatrixGame


def welfare_bound(game: PolymatrixGame, messages: Array) -> Array:
    """No profile of the game has welfare above this number, whatever the messages are.

    Messages m_{e,i}(a) move welfare from the edges e to their ends i and back, which changes no profile's welfare; the
    bound is the best of every edge and of every player, each taken on its own:
    sum_e max_{a,b} (w_e(a, b) - m_{e,i}(a) - m_{e,j}(b)) + sum_i max_a sum_e m_{e,i}(a)
    (reparametrisation; Wainwright, Jaakkola, Willsky, IEEE Trans. Inf. Theory 2005; Werner, IEEE PAMI 2007, sec. 3).
    Optimal duals of the linear program over the local polytope give the tightest of these bounds; it is attained where
    that program has an integral solution, on trees always. No solver has to be believed: any numbers give a bound.

    Args:
        game: floats or fractions; with fractions the bound is exact.
        messages: (lanes, edges, 2, actions), for the first and the second end of each edge.

    Returns:
        (lanes,).
    """
    shared = game.blocks[:, :, 0] + game.blocks[:, :, 1]
    rest = shared - messages[:, :, 0, :, None] - messages[:, :, 1, None, :]
    total = ordered_sum(rest.reshape(*rest.shape[:2], -1).max(-1), 1)
    held = np.zeros((len(messages), game.num_players, game.most_actions), messages.dtype)
    for e, ends in enumerate(np.asarray(game.edges).tolist()):
        for side, player in enumerate(ends):
            held[:, player] = held[:, player] + messages[:, e, side]
    return total + ordered_sum(held.max(-1), 1)
