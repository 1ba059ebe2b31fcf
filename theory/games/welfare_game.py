"""The common-interest game of a game: every player's payoff is the welfare."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...core.arrays import ordered_sum
from . import Game, PolymatrixGame


def welfare_game(game: Game) -> Game:
    """The game whose action values are the gradient of the welfare: u_i(a, x_-i) = dW/dx_i[a] up to a constant.

    In normal form every player's payoff is the welfare W. In a polymatrix game both ends of an edge get the sum of
    their payoffs on it; edges elsewhere do not depend on a player's own action, so they are left out. In a loop,
    building this game once and asking for action values is cheaper than `game.welfare_gradient`.

    Args:
        game: floats or fractions.
    """
    if isinstance(game, PolymatrixGame):
        both = game.blocks[:, :, 0] + game.blocks[:, :, 1]
        return replace(game, blocks=np.stack([both, both], axis=2))
    total = ordered_sum(game.payoffs, 1)
    return replace(game, payoffs=np.broadcast_to(total[:, None], game.payoffs.shape))
