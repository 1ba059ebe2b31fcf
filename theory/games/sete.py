"""SETE: the transfers that make a stationary point of the welfare an equilibrium of the agent normal form."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from . import Game
from .externalities import externalities
from .strategies import best_actions, best_values, legal_actions
from .transfer_contract import TransferContract


def sete_contract(game: Game, strategies: Array) -> TransferContract:
    """Build the transfers and threats that sustain a stationary point of the welfare.

    Source: Liu, Farina and Ozdaglar, "Equilibrium with Internal Transfers" (arXiv 2606.20960), of which we only had
    the abstract; the construction is our reconstruction (transfers sheet, 1b), proved there for polymatrix games:

    1. b_i <- a best response to x*_-i, g_i <- u_i(b_i, x*_-i) - u_i(x*): what i could gain by deviating.
    2. ext_{ji} <- what j would lose if i switched to b_i. Stationarity says that sum_j ext_{ji} >= g_i.
    3. i needs s_i(a) = u_i(b_i, x*_-i) - u_i(a, x*_-i) on the actions it mixes over: then each is worth as much
       as b_i, and i expects exactly g_i. (For a pure x* this means g_i, if x*_i is played.)
    4. t_{ji}(a) <- s_i(a) [ext_{ji}]_+ / max(g_i, sum_k [ext_{ki}]_+): payers contribute in proportion to what they
       would lose, so no payer expects to pay more than ext_{ji}.

    Assumptions: W is stationary at x*, and payers' losses add up over recipients, as with pairwise payoffs. If x* is
    only eps-stationary, no single agent gains more than eps. If the game is not polymatrix, recipients still do not
    gain, but a payer may gain by withholding from several recipients at once, and suitable transfers may not exist.
    Even in polymatrix games a player may gain by withholding and changing its own play: see `augmented_gain`.

    Args:
        game: floats or fractions.
        strategies: x*, (lanes, players, actions).

    Returns:
        The contract. Cost: one gradient, and lanes x players^2 x actions of memory.
    """
    legal = legal_actions(game)
    own = game.action_values(strategies)
    threats, best = best_actions(own, legal), best_values(own, legal)
    gain = best - ordered_sum(own * strategies)
    worth = externalities(game, strategies)
    lanes, n = worth.shape[:2]
    index = np.broadcast_to(threats[:, None, :, None], (lanes, n, n, 1))
    loss = ordered_sum(worth * strategies[:, None]) - np.take_along_axis(worth, index, 3)[..., 0]
    loss = np.maximum(loss, loss * 0)
    needed = (best[..., None] - own) * ((strategies > 0) & legal)
    scale = np.maximum(gain, ordered_sum(loss, 1))
    # Adding to 0 * gain keeps fractions fractions: an integer 0 over an integer 1 would be a float.
    share = loss / (gain * 0 + np.where(scale > 0, scale, 1))[:, None]
    return TransferContract(
        np.broadcast_to(strategies, (lanes, *strategies.shape[1:])),
        needed[:, None] * share[..., None],
        np.broadcast_to(threats, (lanes, n)),
    )
