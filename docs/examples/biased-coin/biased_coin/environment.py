"""# BiasedCoin: guess on which side an unfair coin falls.

Every lane has a coin of its own. Its bias is never shown, its falls are.

## Rules
At the start the probability of side 1 is drawn uniformly. Every step the learner guesses, then the coin falls.

## Players and actions
One learner: the side it guesses.

## Observation
The last fall, or 2 before the first.

## Reward
1 for a right guess, else 0.

## End
At the horizon.

## Arguments
See `palaestra show BiasedCoin-v0`.

## Known solutions
Who knows the probability p guesses the likelier side and is right with probability max(p, 1 - p).

## Sources
P.-S. Laplace, "Théorie analytique des probabilités", 1812, book II.

## Version history
v0: first.
"""

from __future__ import annotations

from typing import NamedTuple

from gymnasium import spaces
from palaestra.core.arrays import Array
from palaestra.core.randomness import Draw
from palaestra.core.rules import Facts, Outcome, Rules


class CoinState(NamedTuple):
    """The lanes' coins.

    Attributes:
        bias: Probability of side 1, float64 (lanes,).
        fall: The last fall, int64 (lanes,).
    """

    bias: Array
    fall: Array


class BiasedCoin(Rules[CoinState]):
    """A coin of unknown bias.

    Args:
        horizon: Guesses of an episode.
    """

    single = True

    def __init__(self, horizon: int = 100) -> None:
        self.facts = Facts(
            players=("player_0",),
            horizon=horizon,
            payoff_range=(0.0, 1.0),
            information="private",
            zero_sum=False,
            stochastic=True,
            optimum="exact",
            truth="max(p, 1 - p) a step, for the lane's own p.",
            metrics=("biased_coin_regret",),
            private={"bias": "nobody"},
        )
        self.observation_spaces = (spaces.Discrete(3),)
        self.action_spaces = (spaces.Discrete(2),)

    def start(self, draw: Draw) -> CoinState:
        """Draw the coins; nothing has fallen."""
        return CoinState(draw.uniform("bias"), self.where.full((len(draw.keys),), 2, "int64"))

    def observe(self, state: CoinState, step: int | Array) -> tuple[Array]:
        """The last fall."""
        return (state.fall,)

    def step(
        self, state: CoinState, actions: tuple[Array, ...], step: int | Array, draw: Draw
    ) -> tuple[CoinState, Outcome]:
        """The coins fall."""
        fall = self.xp.astype(draw.uniform("fall") < state.bias, self.xp.int64)
        right = self.xp.astype(fall == actions[0], self.xp.float64)
        best = self.xp.maximum(state.bias, 1.0 - state.bias)
        return state._replace(fall=fall), Outcome((right,), {"best": best})
