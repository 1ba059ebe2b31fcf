"""Theorem 4.1: two instances that rankings of instantaneous utilities cannot distinguish."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp
from typing import Any, NamedTuple

from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...core.randomness import Draw
from .utility_process import UtilityProcess

FIRST = ((-0.5, 4 / 13), (0.15, 9 / 13))
SECOND = (-0.02, 0.1)


class PairState(NamedTuple):
    """Lanes: which instance is played, 1 or 2, (lanes,)."""

    instance: Array


class IndistinguishablePair(UtilityProcess[PairState]):
    """Actions a and b with u(b) = 0, and u(a) drawn in each round from one of two laws (arXiv 2603.19221, Theorem 4.1).

    Instance 1: -0.5 with probability 4/13, otherwise 0.15; the mean is -0.05, so b is better. Instance 2: -0.02 with
    probability q, otherwise 0.1; the mean is 0.0304 at tau = 0.1, so a is better. q makes E[sigmoid(u(a) / tau)] equal,
    so rankings of one a and one b have the same distribution in both instances, and every learner has regret 0.0189 T
    (rounded) or more in one of them. The paper proves tau = 0.1; solving for q at every tau <= 0.1 is our
    reconstruction.

    Args:
        temperature: tau of the ranking, at most 0.1.
        instance: 1, 2, or None: each lane draws one.
    """

    num_actions = 2
    utility_range = (-0.5, 0.15)

    def __init__(self, temperature: float = 0.1, instance: int | None = None) -> None:
        if not 0 <= temperature <= 0.1:
            raise PalaestraError(f"temperature={temperature!r} is not allowed: Theorem 4.1 needs tau from 0 to 0.1.")
        if instance not in (None, 1, 2):
            raise PalaestraError(f"instance={instance!r} is not allowed. Allowed: 1, 2, or None to draw one.")
        self.instance = instance
        self.mixture = second_mixture(temperature)

    def public(self, horizon: int) -> Mapping[str, Any]:
        """That the utility of action b is 0."""
        return {"reference_utility": 0.0}

    def start(self, draw: Draw, horizon: int) -> PairState:
        """The instance of each lane."""
        drawn = draw.integers("utility/instance", 2) + 1
        return PairState(drawn if self.instance is None else drawn * 0 + self.instance)

    def advance(self, state: PairState, step: int, draw: Draw) -> tuple[PairState, Array]:
        """Draw u(a)."""
        xp, coin = self.where.xp, draw.uniform("utility/coin")
        (low, weight), (high, _) = FIRST
        one = xp.where(coin < weight, xp.full_like(coin, low), xp.full_like(coin, high))
        two = xp.where(coin < self.mixture, xp.full_like(coin, SECOND[0]), xp.full_like(coin, SECOND[1]))
        a = xp.where(state.instance == 1, one, two)
        return state, xp.stack([a, xp.zeros_like(a)], axis=1)


def second_mixture(temperature: float) -> float:
    """q: the probability of -0.02 in instance 2 with which both instances rank alike at this temperature."""
    wins = sum(weight * _win(u, temperature) for u, weight in FIRST)
    low, high = (_win(u, temperature) for u in SECOND)
    return (wins - high) / (low - high)


def _win(u: float, temperature: float) -> float:
    """How likely utility u is ranked ahead of 0."""
    if temperature == 0 or abs(u) / temperature > 700:
        return float(u > 0)
    return 1.0 / (1.0 + exp(-u / temperature))
