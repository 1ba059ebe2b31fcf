"""The common-interest game behind a game: what every player would want if all wanted the welfare."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...core.arrays import ordered_sum
from . import Game, PolymatrixGame


def welfare_game(game: Game) -> Game:
    """The game whose action values are the gradient of the welfare: u_i(a, x_-i) = dW/dx_i[a] up to a constant.

    In normal form every player earns the welfare W. In a polymatrix game both ends of an edge earn what the edge is
    worth to both; edges elsewhere do not depend on a player's own action, so they are left out. Making this game once
    and asking it for action values is cheaper than `game.welfare_gradient` in a loop.

    Args:
        game: floats or fractions.
    """
    if isinstance(game, PolymatrixGame):
        both = game.blocks[:, :, 0] + game.blocks[:, :, 1]
        return replace(game, blocks=np.stack([both, both], axis=2))
    total = ordered_sum(game.payoffs, 1)
    return replace(game, payoffs=np.broadcast_to(total[:, None], game.payoffs.shape))
