"""Social learning in closed form: every statement of the sheet against simulations written here, that share no code."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from palaestra.theory.social.consensus import consensus_weights, stationary
from palaestra.theory.social.degroot import DeGrootNetwork
from palaestra.theory.social.robust_interval import robust_interval, speed_threshold
from palaestra.theory.social.two_islands import response, weight_without_ai

TABLE: dict[tuple[float, float], tuple[float, ...]] = {
    (1.5, 3): (0.8807, 0.7955, 0.6870, 0.5816),
    (1.5, 10): (0.9606, 0.9377, 0.9125, 0.8908),
    (2, 5): (0.9179, 0.8592, 0.7891, 0.7254),
    (2, 20): (0.9780, 0.9639, 0.9496, 0.9378),
}
SIZES = (1.5, 2, 3, 5)


def dynamics(weights: Any, alpha: Any, beta: Any, rho: float) -> Any:
    """One round as a matrix on (beliefs, AI)."""
    n = len(weights)
    matrix = np.zeros((n + 1, n + 1))
    matrix[:n, :n] = (1 - beta)[:, None] * weights
    matrix[:n, n] = beta
    matrix[n, :n] = (1 - rho) * alpha
    matrix[n, n] = rho
    return matrix


def settled(matrix: Any) -> Any:
    """A stochastic matrix to the power 2**40."""
    for _ in range(40):
        matrix = matrix @ matrix
        matrix = matrix / matrix.sum(axis=1, keepdims=True)  # rows are distributions: rounding must not grow
    return matrix


def simulated_weights(weights: Any, alpha: Any, beta: Any, rho: float) -> Any:
    """The weight of each initial belief in the consensus, by 2**40 rounds (squaring) from a(0) = alpha'p(0)."""
    matrix = settled(dynamics(weights, alpha, beta, rho))
    n = len(weights)
    assert np.ptp(matrix, axis=0).max() < 1e-11, "everybody ends at the same"
    return matrix[0, :n] + matrix[0, n] * alpha


def islands(n1: int, n2: int, h: float) -> Any:
    """T of two islands in expectation."""
    own = np.repeat([0, 1], [n1, n2])
    ties = np.where(own[:, None] == own, h, 1.0)
    return ties / ties.sum(axis=1, keepdims=True)


def on_islands(n1: int, n2: int, h: float, alpha: float, b1: float, b2: float, rho: float) -> float:
    """The simulated weight of island 1."""
    training = np.repeat([alpha / n1, (1 - alpha) / n2], [n1, n2])
    reliance = np.repeat([b1, b2], [n1, n2])
    return float(simulated_weights(islands(n1, n2, h), training, reliance, rho)[:n1].sum())


def random_network(rng: Any, n: int) -> Any:
    weights = rng.random((n, n)) * (rng.random((n, n)) < 0.3) + np.eye(n) * rng.random(n)
    weights += np.roll(np.eye(n), 1, axis=1)
    return weights / weights.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("seed", range(50))
def test_the_closed_form_is_where_random_networks_end(seed: int) -> None:
    """Theorem 1 (sheet A(b)): p** = [(1-rho) alpha'N p(0) + a(0)] / [(1-rho) alpha'N 1 + 1], to 1e-10."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 25))
    weights, alpha, beta = random_network(rng, n), rng.dirichlet(np.ones(n)), rng.uniform(0.02, 0.95, n)
    beta[rng.random(n) < 0.2] = 0.0
    beta[0] = 0.5
    rho = float(rng.uniform(0.05, 0.98))
    found = consensus_weights(DeGrootNetwork.of(weights), alpha, beta, rho)
    assert abs(found.sum() - 1.0) < 1e-12
    assert np.abs(found - simulated_weights(weights, alpha, beta, rho)).max() < 1e-10


def test_rounds_played_one_by_one_come_to_the_closed_form() -> None:
    """Theorem 1, by plain iteration of A(a): p(t+1) = (1-beta) T p(t) + beta a(t), a(t+1) = rho a(t) + (1-rho) m(t)."""
    rng = np.random.default_rng(5)
    weights, alpha, beta, rho = random_network(rng, 9), rng.dirichlet(np.ones(9)), rng.uniform(0.1, 0.6, 9), 0.7
    beliefs = start = rng.normal(size=9)
    ai = alpha @ beliefs
    for _ in range(3000):
        beliefs, ai = (1 - beta) * (weights @ beliefs) + beta * ai, rho * ai + (1 - rho) * (alpha @ beliefs)
    expected = consensus_weights(DeGrootNetwork.of(weights), alpha, beta, rho) @ start
    assert np.abs(beliefs - expected).max() < 1e-10


@pytest.mark.parametrize("seed", range(10))
def test_limits_of_the_closed_form(seed: int) -> None:
    """Sheet A(b), limits: rho -> 1 gives alpha'p(0); beta -> 0 gives the consensus without an AI."""
    rng = np.random.default_rng(100 + seed)
    network, alpha = DeGrootNetwork.of(random_network(rng, 8)), rng.dirichlet(np.ones(8))
    assert np.abs(consensus_weights(network, alpha, 0.4, 1 - 1e-9) - alpha).max() < 1e-7
    assert np.abs(consensus_weights(network, alpha, 1e-9, 0.5) - stationary(network)).max() < 1e-7


@pytest.mark.parametrize("seed", range(30))
def test_the_islands_formula_is_exact_for_sixteen_agents(seed: int) -> None:
    """Sheet A(b), islands: w1(alpha) = [k A0 + (k b2 + c) alpha] / [k(A0+B0) + c + k(b2-b1) alpha]."""
    rng = np.random.default_rng(seed)
    n1 = int(rng.integers(9, 15))
    h, rho = rng.uniform(1, 20), rng.uniform(0.02, 0.98)
    alpha, (b1, b2) = rng.random(), rng.uniform(0.02, 0.98, 2)
    found = response(n1 / (16 - n1), h, b1, b2, rho).weight(alpha)
    assert abs(found - on_islands(n1, 16 - n1, h, alpha, b1, b2, rho)) < 1e-10
    assert abs(response(n1 / (16 - n1), h, b1, b2, rho).training(found) - alpha) < 1e-9


@given(
    st.fractions(Fraction(11, 10), 9),
    st.fractions(Fraction(11, 10), 30),
    st.fractions(Fraction(1, 50), Fraction(49, 50)),
)
def test_without_an_ai_island_one_weighs_what_the_group_chain_says(pi: Fraction, h: Fraction, rho: Fraction) -> None:
    """Sheet A(a): s1 = pi(h pi+1)/(h pi^2+2 pi+h), between e = pi/(pi+1) and pi^2/(pi^2+1); in exact rationals."""
    s1 = weight_without_ai(pi, h)
    assert s1 == pi * (h * pi + 1) / (h * pi**2 + 2 * pi + h)
    assert pi / (pi + 1) < s1 < pi**2 / (pi**2 + 1)
    b = rho / 3
    one, other = 1 / (h * pi + 1), pi / (h + pi)
    lam = ((1 - rho) * b / ((1 - b) * (one + other) + b) + b) / (1 - rho + b)
    assert response(pi, h, b, b, rho).weight(Fraction(2, 7)) == (1 - lam) * s1 + lam * Fraction(2, 7)


@pytest.mark.parametrize("ranges", TABLE)
def test_speed_thresholds_are_those_of_the_table(ranges: tuple[float, float]) -> None:
    """Theorem 2 (sheet A(c)1): the table of rho*, to its four digits."""
    assert np.abs(speed_threshold(SIZES, ranges, precision=1e-7) - TABLE[ranges]).max() < 5.1e-5


def test_below_the_threshold_nothing_is_robust_and_above_it_something_is() -> None:
    """Theorem 2: rho < rho* -> the robust set has measure zero; rho > rho* -> positive measure."""
    for ranges in TABLE:
        threshold = speed_threshold(SIZES, ranges, precision=1e-7)
        for rho, empty in ((threshold - 1e-6, True), (threshold + 1e-6, False), (threshold * 0.5, True)):
            found = robust_interval(SIZES, rho, ranges)
            assert ((found.low >= found.high) == empty).all()


def _simulated_threshold(ranges: tuple[float, float], box: tuple[float, float], precision: float) -> float:
    """rho* for sizes 2 to 1: bisect alpha on simulations at each corner and h, then bisect rho."""

    def end(h: float, b1: float, b2: float, rho: float, target: float) -> float:
        low, high = -1.0, 2.0  # outside [0, 1] the dynamics are linear all the same
        for _ in range(28):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if _quick_weight(h, middle, b1, b2, rho) < target else (low, middle)
        return 0.5 * (low + high)

    below, above = 0.0, 1.0
    while above - below > precision:
        rho = 0.5 * (below + above)
        uppers, lowers = [], []
        for h in ranges:
            s1 = float(settled(islands(2, 1, h))[0, :2].sum())
            for b1, b2 in itertools.product(box, box):
                uppers.append(end(h, b1, b2, rho, s1))
                lowers.append(end(h, b1, b2, rho, 4 / 3 - s1))
        below, above = (below, rho) if max(lowers) < min(uppers) else (rho, above)
    return 0.5 * (below + above)


def _quick_weight(h: float, alpha: float, b1: float, b2: float, rho: float) -> float:
    matrix = dynamics(islands(2, 1, h), np.array([alpha / 2, alpha / 2, 1 - alpha]), np.array([b1, b1, b2]), rho)
    matrix = np.linalg.matrix_power(matrix, 2**14)
    row = matrix[0] / matrix[0].sum()
    return float(row[:2].sum() + row[3] * alpha)


def test_the_threshold_by_bisection_on_simulation_agrees_with_the_closed_form() -> None:
    """Theorem 2: rho* found from simulated consensuses alone (h at the ends of its range, which bind here)."""
    ranges, box = (1.5, 3.0), (0.1, 0.9)
    expected = float(speed_threshold(2.0, ranges, box))
    assert abs(_simulated_threshold(ranges, box, 2e-3) - expected) < 2e-3
    assert abs(expected - 0.55) < 2e-3, "the sheet's grid gives .551"


def test_robust_intervals_are_those_of_the_sheets_example() -> None:
    """Sheet A(c)1: pi=2, H=[1.5,3]: rho=.5 empty; .8, .95, .99; rho -> 1 gives (2e - s1(h_lo), s1(h_lo))."""
    found = robust_interval(2, [0.5, 0.8, 0.95, 0.99], (1.5, 3))
    assert np.abs(found.low - [0.6533, 0.6445, 0.6397, 0.6381]).max() < 5.1e-5
    assert np.abs(found.high - [0.5753, 0.6462, 0.6885, 0.6942]).max() < 5.1e-5
    slow = robust_interval(2, 1 - 1e-9, (1.5, 3))
    s1 = float(weight_without_ai(2, 1.5))
    assert abs(slow.low - (4 / 3 - s1)) < 1e-7 and abs(slow.high - s1) < 1e-7


@pytest.mark.parametrize("box", [(0.0, 1.0), (0.1, 0.9), (0.2, 0.5)])
def test_nobody_plausible_is_harmed_inside_the_robust_interval_and_somebody_is_outside(
    box: tuple[float, float],
) -> None:
    """'Robustly improves' (sheet A(a)): Delta1 < Delta0 for every h and every (b1, b2), by random societies."""
    rng, ranges, count = np.random.default_rng(0), (1.5, 3.0), 4000
    for pi, rho in ((2.0, 0.9), (3.0, 0.95), (1.5, 0.97)):
        found = robust_interval(pi, rho, ranges, box)
        h = np.concatenate([rng.uniform(*ranges, count), np.repeat(ranges, count)])
        b = np.clip(rng.choice([box[0], box[1], np.nan], (2, 3 * count)), 1e-7, 1 - 1e-7)
        b = np.where(np.isnan(b), rng.uniform(box[0] + 1e-7, box[1] - 1e-7, b.shape), b)
        e, s1 = pi / (pi + 1), weight_without_ai(pi, h)

        def harms(alpha: float, society: Any = (pi, h, *b, rho), gap: Any = s1 - e, e: float = e) -> Any:
            return np.abs(response(*society).weight(alpha) - e) >= gap + 1e-12

        width = found.high - found.low
        assert not harms(float(found.low + 0.02 * width)).any() and not harms(float(found.high - 0.02 * width)).any()
        assert harms(float(found.low - 0.02)).any() and harms(float(found.high + 0.02)).any()


def test_training_above_the_threshold_of_proposition_2_harms_and_the_more_so_the_stronger_homophily() -> None:
    """Proposition 2 (sheet A(c)2): alpha > pi^2/(pi^2+1) => Delta* > 0, and Delta1 rises with h; for b1 <= b2."""
    rng = np.random.default_rng(1)
    h = np.geomspace(1.0, 1000.0, 300)
    for _ in range(400):
        pi, rho = rng.uniform(1.05, 8), rng.uniform(0.02, 0.98)
        b1, b2 = np.sort(rng.uniform(0.02, 0.98, 2))
        e, limit = pi / (pi + 1), pi**2 / (pi**2 + 1)
        alpha = rng.uniform(limit, 1.0)
        s1 = weight_without_ai(pi, h)
        assert (np.abs(response(pi, h, b1, b2, rho).weight(alpha) - e) > np.abs(s1 - e)).all()
        gap = np.abs(response(pi, h, b1, b1, rho).weight(alpha) - e)
        assert (np.diff(gap) > -1e-13).all(), "with equal adoption Delta1 is monotone in h"


def test_the_cautions_on_proposition_2_are_needed() -> None:
    """Sheet A(c)2: Delta* itself is not monotone in h, and with b1 > b2 an AI above the threshold may help."""
    h, pi = np.geomspace(1.0, 1000.0, 300), 2.0
    s1, e = weight_without_ai(pi, h), 2 / 3
    change = np.abs(response(pi, h, 0.3, 0.3, 0.8).weight(0.9) - e) - (s1 - e)
    assert ((np.diff(change) < 0).any() and (np.diff(change) > 0).any()) or (np.diff(change) < 0).all()
    rng = np.random.default_rng(2)
    b = rng.uniform(0, 1, (2, 20_000))
    b = np.stack([b.max(axis=0), b.min(axis=0)])
    w1 = response(pi, 20.0, b[0], b[1], 0.5).weight(0.81)
    assert (np.abs(w1 - e) < weight_without_ai(pi, 20.0) - e).any()


@pytest.mark.parametrize(("beta", "low", "high"), [(0.05, 1.75, 60.5), (0.1, 3.69, 14.49), (0.02, 1.25, 200.0)])
def test_training_on_the_minority_helps_at_intermediate_homophily_alone(beta: float, low: float, high: float) -> None:
    """Proposition 3 (sheet A(c)3): pi=2, alpha=.4, rho=.8; over-corrects at low h, helps, then backfires."""

    def helps(h: float) -> bool:
        s1 = float(settled(islands(2, 1, h))[0, :2].sum())
        return abs(on_islands(2, 1, h, 0.4, beta, beta, 0.8) - 2 / 3) < s1 - 2 / 3

    assert not helps(1.01) and not helps(low * 0.97) and helps(low * 1.03) and helps(high * 0.97)  # the sheet's grid
    if beta > 0.02:
        assert not helps(high * 1.03)
    assert not helps(1e5), "it backfires in the end"


def test_with_much_reliance_training_on_the_minority_never_helps() -> None:
    """Proposition 3 (sheet A(c)3): beta = .3: never."""
    h = np.geomspace(1.0, 1e4, 2000)
    s1 = weight_without_ai(2.0, h)
    assert (np.abs(response(2.0, h, 0.3, 0.3, 0.8).weight(0.4) - 2 / 3) > s1 - 2 / 3).all()


def test_local_aggregators_help_on_every_topic_and_a_global_one_is_worse_on_some() -> None:
    """Proposition 4 and Theorem 3 (sheet A(c)4-5) on 20,000 random societies; adoption unequal, any global design."""
    rng = np.random.default_rng(3)
    pi, h = rng.uniform(1.01, 9, 20_000), rng.uniform(1.0, 50, 20_000)
    rho, alpha = rng.uniform(0.01, 0.99, 20_000), rng.random(20_000)
    own1, own2, out1, out2, g1, g2 = rng.uniform(0.01, 0.99, (6, 20_000))
    s1 = weight_without_ai(pi, h)
    local1 = response(pi, h, own1, out2, rho).weight(1.0)
    local2 = 1.0 - response(pi, h, out1, own2, rho).weight(0.0)
    assert (local1 > s1).all() and (local2 > 1 - s1).all()
    whole = response(pi, h, g1, g2, rho).weight(alpha)
    assert ((whole < local1) | (1 - whole < local2)).all()


def test_examples_of_section_six_have_their_numbers() -> None:
    """Sheet A(c)5: pi=2, h=4, rho=.8: s1=.75; local (b_own=.5, b_other=.1): .9625 and .8246; w1 at alpha=.667."""
    assert weight_without_ai(2, 4) == 0.75
    assert abs(on_islands(2, 1, 4.0, 1.0, 0.5, 0.1, 0.8) - 0.9625) < 5e-5
    assert abs(1 - on_islands(2, 1, 4.0, 0.0, 0.1, 0.5, 0.8) - 0.8246) < 5e-5
    for b, expected in (((0.3, 0.3), 0.68364), ((0.6, 0.1), 0.64444), ((0.1, 0.6), 0.73333)):
        assert abs(response(2, 4, *b, 0.8).weight(0.667) - expected) < 4e-4
        assert abs(response(2, 4, *b, 0.8).weight(2 / 3) - on_islands(4, 2, 4.0, 2 / 3, *b, 0.8)) < 1e-10
