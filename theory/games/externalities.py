"""The value of each action of a player to every other player."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from . import Game, PolymatrixGame


def externalities(game: Game, strategies: Array) -> Array:
    """The externality prices e_{ji}(a): the payoff of j when i plays a and the others play their strategies.

    In a polymatrix game it is the payoff of j on the edge to i only, (A^{ji})^T x_j (transfers sheet, 1b), so j can
    compute it from its own strategy. In normal form it is u_j(a, x_-i).

    Args:
        game: floats or fractions.
        strategies: (lanes, players, actions).

    Returns:
        (lanes, payer j, recipient i, actions); 0 where j = i, where there is no edge or no such action.
    """
    n, most, lanes = game.num_players, game.most_actions, max(game.lanes, strategies.shape[0])
    worth = np.zeros((lanes, n, n, most), game.payoffs.dtype)
    if isinstance(game, PolymatrixGame):
        first, second = np.asarray(game.edges).T
        prices = game.prices(strategies)
        worth[:, second, first] = prices[:, :, 0]
        worth[:, first, second] = prices[:, :, 1]
        return worth
    for i in range(n):
        tensor = game.payoffs
        for k in reversed(range(n)):
            if k != i:
                shape = [strategies.shape[0]] + [1] * (tensor.ndim - 1)
                shape[k + 2] = game.num_actions[k]
                tensor = ordered_sum(tensor * strategies[:, k, : game.num_actions[k]].reshape(shape), k + 2)
        worth[:, :, i, : game.num_actions[i]] = tensor
        worth[:, i, i] = worth[:, i, i] * 0
    return worth
