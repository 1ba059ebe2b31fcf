"""The risk bound of decisions learned from contexts: Theorem 25 where it is not vacuous, for all predictors at once."""

from __future__ import annotations

from math import log, sqrt
from typing import Any

import numpy as np
from palaestra.theory.acquisition.cost_box import CostBox
from palaestra.theory.acquisition.linear_program import LinearProgram
from palaestra.theory.acquisition.minimal_data_set import minimal_data_set

HEIGHT = 0.1
"""X = [0, 1] x [0, HEIGHT]: four vertices."""

CENTRE = np.array([0.2, 1.001])
"""c0; C is the unit ball around it, where the second cost is positive and the first has either sign: d* = 1."""

WIDTH = float(CENTRE @ [1, HEIGHT] + sqrt(1 + HEIGHT**2))
"""w, the greatest of max c'x - min c'x = |c_1| + HEIGHT |c_2| over C."""

SLOPE, NOISE = 0.4, 0.5


def bound(n: int, delta: float) -> float:
    """What may lie between the risk and its empirical value: d* = p = 1, four vertices."""
    return 2 * WIDTH * sqrt(2 * (1 + 1) * log(n * 4**2) / n) + WIDTH * sqrt(log(1 / delta) / (2 * n))


def integral(low: Any, high: Any) -> Any:
    """The expectation of c_1 where the context, uniform on [-1, 1], lies between `low` and `high`."""
    return (CENTRE[0] * (high - low) + SLOPE * (high**2 - low**2) / 2) / 2


def excesses(rng: np.random.Generator, n: int) -> Any:
    """The risk less its empirical value, of every predictor c0 + theta xi e_1, from n fresh pairs.

    c_1 = c0_1 + SLOPE xi +- NOISE. The predictor takes x_1 = 1 where c0_1 + theta xi < 0, so that its loss is
    c_1 [xi < t] - min(c_1, 0) for a threshold t < 0, or with xi > t for t > 0: sums in the order of xi give them all.
    """
    contexts = np.sort(rng.uniform(-1, 1, n))
    costs = CENTRE[0] + SLOPE * contexts + NOISE * rng.choice([-1.0, 1.0], n)
    before = np.concatenate([[0.0], np.cumsum(costs)]) / n
    best = np.minimum(costs, 0).mean() - expected_best()
    low, high = np.searchsorted(contexts, [-CENTRE[0], CENTRE[0]])  # |theta| is at most 1: c^ stays in C
    left = (
        integral(-1.0, contexts[:low]) - before[:low]
    )  # t at each sample: between two of them the risk hardly changes
    right = integral(contexts[high:], 1.0) - (before[-1] - before[high + 1 :])
    return np.concatenate([left, right, [0.0]]) + best


def expected_best() -> float:
    """The expectation of min(c_1, 0), exactly: NOISE exceeds c0_1 + SLOPE xi on part of [-1, 1] only."""
    crossing = (NOISE - CENTRE[0]) / SLOPE  # c_1 < 0 with the noise down, up to this xi
    down = integral(-1.0, crossing) - NOISE * (crossing + 1) / 2
    return float(down / 2)  # with the noise up c_1 is never negative


def test_there_is_one_relevant_direction() -> None:
    square = LinearProgram([[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0]], [1.0, HEIGHT])
    centre, half = (
        np.array([*CENTRE, 0.0, 0.0]),
        np.array([0.9, 0.4, 0.0, 0.0]),
    )  # a box inside of C; slacks cost nothing
    assert minimal_data_set(square, CostBox(centre - half, centre + half)).size == 1
    assert CENTRE[1] > 1, "nowhere in C the second variable pays"


def test_the_risk_bound_covers_every_predictor() -> None:
    """Theorem 25 (informative data sheet, C(c) 6): R_SPO <= empirical + the bound, in 1 - delta of the draws or more.

    At n = 1e5 the bound is 0.05 w, below what the worst predictor loses, and the supremum over all predictors is taken.
    """
    n, delta, draws = 100_000, 0.05, 200
    rng = np.random.default_rng(25)
    worst = np.array([excesses(rng, n).max() for _ in range(draws)])
    allowed = bound(n, delta)
    assert 0.049 * WIDTH < allowed < 0.055 * WIDTH
    assert allowed < integral(CENTRE[0], 1.0) - expected_best(), "the bound is less than predictors may lose"
    assert (worst <= allowed).mean() >= 1 - delta
    assert (worst > 0).mean() > 0.9 and (worst > allowed / 100).mean() > delta, "a bound a hundredth as large fails"
