"""PriceMessages: announces what each action of another player is worth to it, and follows its own gradient.

Source: our reconstruction of the decentralised dynamic that Liu, Farina and Ozdaglar announce (arXiv 2606.20960). No
player solves the game; prices are the only messages.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...theory.games.externalities import externalities
from ...theory.games.strategies import legal_actions, sample_actions
from ...theory.learning.no_regret import project_to_simplex
from .transfer_player import TransferPlayer


class PriceMessages(TransferPlayer):
    """Gradient play on one's own utility, transfers included, with Pigouvian prices as promises.

    Every player j keeps a mixed strategy x_j. In each round:

    1. j promises i the prices t_{ji}(a) = e_{ji}(a) - min_a' e_{ji}(a'), where e_{ji} = (A^{ji})^T x_j is what each
       action of i is worth to j: in a polymatrix game j needs only its own strategy for it. (In normal form it also
       needs the others' play; it takes the last one.)
    2. i samples its action from x_i.
    3. i <- Proj(x_i + eta (u_i(., a_-i) + sum_j t_{ji})), where a_-i is what the others played: the transfers it was
       offered, plus its own payoff at the play it saw.

    The expected step is that of projected gradient ascent on the welfare, for the gradient of W is own payoff plus
    prices, up to constants that the projection ignores; with exact strategies instead of sampled play it is that
    algorithm. With sampled play it is a stochastic gradient with constant steps: it usually ends at a pure stationary
    point, where there is no noise, but no rate is claimed. No recipient threatens to deviate, so a payer could withhold
    its promises without being punished.

    With conditioning "realised" a price vector does not fit into one amount and target. Then j promises i the amount
    max t_{ji} for the action that j likes best, and i follows the gradient of what it is offered. This message is
    coarser, and the heuristic has no guarantee.

    Args:
        rate: eta times the range of the base game's payoffs.
    """

    stochastic: ClassVar[bool] = True

    def __init__(self, rate: float = 0.5) -> None:
        if not 0 < rate < float("inf"):
            raise PalaestraError(f"rate={rate!r} is not allowed: a step size is a positive number.")
        self.rate = rate

    def prepare(self) -> None:
        """Start from uniform strategies."""
        low, high = self.task.public["source"].span
        self.eta = self.rate / max(high - low, 1e-12)
        legal = legal_actions(self.game)
        self.believed = np.array(np.broadcast_to(self.uniform(), (self.lanes, *legal.shape)))
        self.strategy = self.believed[:, self.seat]

    def promise(self, observation: Any, nothing: Array) -> tuple[Array, Array | None]:
        """The prices, or the best single offer."""
        strategies = self.believed.copy()
        strategies[:, self.seat] = self.strategy
        worth = externalities(self.game, strategies)[:, self.seat]
        legal = legal_actions(self.game)
        least = np.where(legal, worth, np.inf).min(-1, keepdims=True)
        prices = np.where(legal, worth - least, 0.0)
        if self.contingent:
            return prices, None
        return prices.max(-1), np.argmax(prices, axis=-1)

    def choose(self, observation: Any) -> Array:
        """A sample of the current strategy."""
        return sample_actions(self.strategy, self.unit())

    def update(self, play: Array, values: Array) -> None:
        """One gradient step on what each action would have earned, transfers included."""
        self.strategy = project_to_simplex(self.strategy + self.eta * values, self.legal)
        self.believed = self.pure(play)
