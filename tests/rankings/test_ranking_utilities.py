"""Utility processes: the walk's budget (section 3d of the ranking sheet) and the impossibility instances (3c)."""

from __future__ import annotations

from fractions import Fraction
from math import exp, log
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.core.arrays import backend
from palaestra.core.errors import PalaestraError
from palaestra.core.randomness import Draw, lane_keys
from palaestra.theory.rankings.drifting_walk import step_length
from palaestra.theory.rankings.gamma import sample_gamma
from palaestra.theory.rankings.theorem_4_1 import second_mixture
from palaestra.theory.rankings.theorem_4_4 import LAST, PHASES
from scipy.optimize import brentq
from scipy.stats import gamma, kstest


def utilities_of(lanes: int, **options: Any) -> Any:
    return palaestra.run("RankingBandit-v0", "Uniform", range(lanes), options=options).scoring["utility"]


def test_the_step_length_is_what_bisection_finds() -> None:
    """Section 3d: |Proj(u + alpha n) - u| = distance, here by Brent's method, walls and corners included."""
    chooser = np.random.default_rng(0)
    u = np.clip(chooser.normal(0, 1, (300, 7)), -1, 1)  # many coordinates stand at a wall
    n = chooser.normal(0, 1, (300, 7))
    corner = np.sqrt((np.where(n > 0, 1 - u, 1 + u) ** 2).sum(1))
    distance = corner * chooser.uniform(0.01, 0.99, 300)
    found = step_length(u, n, distance, backend())

    def moved(lane: int, alpha: float) -> float:
        return float(np.linalg.norm(np.clip(u[lane] + alpha * n[lane], -1, 1) - u[lane]))

    for lane in range(300):
        alpha = brentq(lambda a, i=lane: moved(i, a) - distance[i], 0, 1e6, xtol=1e-13)
        assert found[lane] == pytest.approx(alpha, rel=1e-8)
        assert moved(lane, found[lane]) == pytest.approx(distance[lane], rel=1e-10)


def test_a_step_beyond_the_corner_ends_in_the_corner() -> None:
    u, n = np.array([[0.5, -0.5]]), np.array([[1.0, 2.0]])
    alpha = step_length(u, n, np.array([5.0]), backend())
    assert np.clip(u + alpha[:, None] * n, -1, 1).tolist() == [[1.0, 1.0]]


@pytest.mark.parametrize("q", [0.3, 0.5])
def test_the_walk_spends_its_budget_and_stays_in_the_box(q: float) -> None:
    """Section 3d: the variation is T^q; these shares are far too small to reach a corner."""
    u = utilities_of(4, q=q, horizon=400)
    variation = np.sqrt((np.diff(u, axis=0) ** 2).sum(-1)).sum(0)
    assert variation == pytest.approx(400**q, rel=1e-9)
    assert np.abs(u).max() <= 1
    assert (u[..., -1] == 0).all()


def test_the_walk_splits_its_budget_uniformly_at_random() -> None:
    """Each part of a uniform point of the simplex of T - 1 parts is Beta(1, T - 2)."""
    u = utilities_of(400, q=0.3, horizon=40)
    share = np.sqrt((np.diff(u, axis=0) ** 2).sum(-1)) / 40**0.3
    for move in (0, 20, 38):
        assert kstest(share[move], "beta", args=(1, 38)).pvalue > 1e-4


def test_a_greater_budget_is_lost_only_at_corners() -> None:
    u = utilities_of(20, q=1.0, horizon=100, actions=3)
    variation = np.sqrt((np.diff(u, axis=0) ** 2).sum(-1)).sum(0)
    assert (variation < 100).all()
    assert np.abs(u).max() == 1


@pytest.mark.parametrize("noise", ["uniform", "normal", "gamma"])
def test_shifts_have_their_law(noise: str) -> None:
    """Section 3d: Uniform(-s, s), N(0, s^2), Gamma(1/s^2, s^2) less its mean 1; looked at where nothing clips."""
    s = 0.05
    u = utilities_of(300, utility="iid", noise=noise, spread=s, horizon=2, actions=5)[..., :-1]
    inside = (np.abs(u).max(0) < 0.6).ravel()
    difference = (u[1] - u[0]).ravel()[inside] / s
    chooser = np.random.default_rng(1)
    fresh = {
        "uniform": chooser.uniform(-1, 1, (2, 20_000)),
        "normal": chooser.normal(0, 1, (2, 20_000)),
        "gamma": chooser.gamma(1 / s**2, s, (2, 20_000)),
    }[noise]
    assert kstest(difference, fresh[0] - fresh[1]).pvalue > 1e-4


def test_gamma_numbers_have_the_gamma_law() -> None:
    where = backend()
    for k in (1.0, 2.5, 11.1):
        drawn = sample_gamma(np.full((5000, 2), k), Draw(lane_keys(range(5000), where), 0, where), "test")
        assert kstest(drawn[:, 0], gamma(k).cdf).pvalue > 1e-4
        assert abs(np.corrcoef(drawn.T)[0, 1]) < 0.06


def sigmoid(x: float) -> float:
    return 1 / (1 + exp(-x))


def test_theorem_4_1_has_the_papers_constants() -> None:
    """Section 3c, Theorem 4.1 at tau = 0.1: q = .5802, p = .5681, means -.05 and +.0304."""
    q = second_mixture(0.1)
    p = 4 / 13 * sigmoid(-5) + 9 / 13 * sigmoid(1.5)
    assert q == pytest.approx((p - sigmoid(1)) / (sigmoid(-0.2) - sigmoid(1)), rel=1e-12)
    assert (round(q, 4), round(p, 4)) == (0.5802, 0.5681)
    means = [-0.5 * 4 / 13 + 0.15 * 9 / 13, -0.02 * q + 0.1 * (1 - q)]
    assert means == pytest.approx([-0.05, 0.0304], abs=5e-5)


@pytest.mark.parametrize("tau", [0.1, 0.07, 0.05, 0.02, 0.005])
def test_theorem_4_1_the_pair_has_one_law_of_rankings_and_regret_in_one_of_them(tau: float) -> None:
    """Section 3c, Theorem 4.1, for this and (DERIVED) every smaller tau.

    The law of rankings of {a, b} is one number, P(a first). It is equal, so that a learner plays alike in both, and
    against its share x of a the regrets a round are 0.05 x and mean2 (1 - x): 0.0189 in one (0.018895 unrounded).
    """
    q = second_mixture(tau)
    assert 0 < q < 1
    first = {-0.5: 4 / 13, 0.15: 9 / 13}
    second = {-0.02: q, 0.1: 1 - q}
    ahead = [sum(p * sigmoid(u / tau) for u, p in law.items()) for law in (first, second)]
    assert ahead[0] == pytest.approx(ahead[1], abs=1e-12)
    means = [sum(p * u for u, p in law.items()) for law in (first, second)]
    worst = min(max(-means[0] * x, means[1] * (1 - x)) for x in np.linspace(0, 1, 10_001))
    assert worst >= 0.01889


def test_theorem_4_1_as_played_has_these_laws() -> None:
    """The process draws what the theorem says: frequencies within five deviations."""
    for instance, law in ((1, {-0.5: 4 / 13, 0.15: 9 / 13}), (2, {-0.02: second_mixture(0.1)})):
        u = utilities_of(50, utility="theorem_4_1", instance=instance, horizon=200)
        assert (u[..., 1] == 0).all()
        for value, p in law.items():
            assert (u[..., 0] == value).mean() == pytest.approx(p, abs=5 * (p * (1 - p) / 10_000) ** 0.5)


@pytest.mark.parametrize("agent", ["RankingPGD", "RankingHedge", "RUCB"])
def test_theorem_4_1_learners_play_alike_in_both_instances_and_lose(agent: str) -> None:
    """Section 3c, Theorem 4.1 on learners: expected regret of 0.0189 a round in one of the instances."""
    loss = []
    for instance in (1, 2):
        options = {"utility": "theorem_4_1", "instance": instance}
        trace = palaestra.run("RankingBandit-v0", agent, range(40), horizon=400, options=options)
        share = np.mean(trace.actions[0][..., 0] / trace.actions[0].sum(-1))
        q = second_mixture(0.1)
        loss.append(0.05 * share if instance == 1 else (0.1 - 0.12 * q) * (1 - share))
    assert max(loss) >= 0.0189 - 0.002  # shares of finitely many lanes differ a little between the instances


def sequences(horizon: int) -> list[list[tuple[int, int]]]:
    """Section 3c, Theorem 4.3, written down from the sheet."""
    last = 0
    while 2**last < horizon:
        last += 1
    blocks = [[(1, 0)] * (2**k - 1) + [(0, 1)] * 2**k + [(0, 0)] for k in range(last)]
    return [*blocks, [(1, 0)] * (2**last - 1) + [(0, 0)]]


@pytest.mark.parametrize("sequence", [0, 1, 2, 4, 5])
def test_theorem_4_3_plays_the_sheets_sequences_with_roles_swapped(sequence: int) -> None:
    horizon = 20
    u = utilities_of(1, utility="theorem_4_3", sequence=sequence, horizon=horizon, feedback="average")[:, 0]
    expected: list[tuple[float, ...]] = [(0.5, 0.0)]
    block, swapped = sequences(horizon)[sequence], False
    while len(expected) < horizon:
        expected += [(b, a) if swapped else (a, b) for a, b in block]
        swapped = swapped != (sequence < 5)
    assert u.tolist() == [list(row) for row in expected[:horizon]]
    with pytest.raises(PalaestraError, match="sequence=6"):
        utilities_of(1, utility="theorem_4_3", sequence=6, horizon=horizon)


def test_theorem_4_3_the_ranking_by_averages_never_changes_within_a_block() -> None:
    """Section 3c, Theorem 4.3: until the last round of a block its leader leads."""
    for block in sequences(64):
        lead = Fraction(1, 2)
        for a, b in block[:-2]:
            lead += a - b
            assert lead > 0


@pytest.mark.parametrize("agent", ["RankingFTRL", "RankingHedge", "RUCB", "Uniform"])
def test_lemma_d1_average_utilities_of_all_blocks_add_up_to_half_their_number(agent: str) -> None:
    """Section 3c, Lemma D.1, exactly: what each learner plays against rankings that say "a leads", in every block.

    The strategies are those of the agent as played by the package at tau = 0; the sum is in fractions.
    """
    blocks = sequences(16)
    rounds = len(max(blocks, key=len)) + 1
    options = {"utility": "theorem_4_3", "feedback": "average", "temperature": 0.0, "sequence": len(blocks) - 1}
    actions = palaestra.run("RankingBandit-v0", agent, [3], horizon=rounds, options=options).actions[0][:, 0]
    share = [Fraction(float(a)) / (Fraction(float(a)) + Fraction(float(b))) for a, b in actions][1:]
    total = Fraction(0)
    for block in blocks:
        earned = sum(a * x + b * (1 - x) for (a, b), x in zip(block, share, strict=False))
        total += Fraction(earned) / len(block)
    assert total == Fraction(len(blocks) - 1, 2)


def test_lemma_d1_for_random_strategies() -> None:
    """Section 3c, Lemma D.1 holds for any sequence of strategies."""
    chooser = np.random.default_rng(0)
    for horizon in (1, 2, 7, 33):
        blocks = sequences(horizon)
        share = [Fraction(int(k), 1000) for k in chooser.integers(0, 1001, 64)]
        means = [
            sum(a * x + b * (1 - x) for (a, b), x in zip(block, share, strict=False)) / Fraction(len(block))
            for block in blocks
        ]
        assert sum(means) == Fraction(len(blocks) - 1, 2)


@pytest.mark.parametrize("instance", [1, 2])
def test_theorem_4_4_plays_its_phases(instance: int) -> None:
    u = utilities_of(1, utility="theorem_4_4", instance=instance, horizon=40)[:, 0]
    assert (u[:10] == PHASES[0]).all()
    assert (u[10:20] == PHASES[1]).all()
    assert (u[20:] == LAST[instance - 1]).all()


def test_theorem_4_4_no_learner_has_small_regret_in_both_instances() -> None:
    """Section 3c, Theorem 4.4 in fractions, with the horizon's quarter as unit: 7/110, .03, .178.

    Regret of at most 1/100 after phases 1 and 2 and at the end of instance 1 bounds how often each action is played;
    then b leads by averages all through phase 3 in both instances, so that instance 2 is played like instance 1.
    """
    (a1, b1), (a2, b2) = ((Fraction(str(a)), Fraction(str(b))) for a, b in PHASES)
    (one_a, one_b), (two_a, two_b) = ((Fraction(str(a)), Fraction(str(b))) for a, b in LAST)
    small = Fraction(1, 100)
    most_b_in_1 = small / (a1 - b1)
    least_b_in_2 = (b2 - a1 - small) / (b2 - a2)
    least_b_in_3 = (b2 + 2 * one_b - a1 - b2 - small) / (one_b - one_a)
    most_a_in_3 = 2 - least_b_in_3
    assert (most_b_in_1, least_b_in_2, most_a_in_3) == (Fraction("0.1"), Fraction("0.45"), Fraction("0.11"))
    mean_of_b = b2 * least_b_in_2 / (most_b_in_1 + least_b_in_2)
    assert mean_of_b - a1 == Fraction(7, 110)
    assert two_b >= mean_of_b, "playing b on does not lower its average"
    mean_of_a = (a1 * (1 - most_b_in_1) + two_a * most_a_in_3) / (1 - most_b_in_1 + most_a_in_3)
    assert mean_of_b - mean_of_a > Fraction("0.03")
    earned = a1 + b2 + two_a * most_a_in_3 + two_b * least_b_in_3
    assert a1 + 2 * two_a - earned == Fraction("0.178")
    for horizon in (10, 1000):
        tau = 3 / (200 * log(horizon))
        assert 1 - sigmoid(0.03 / tau) <= 1 / horizon**2, "the ranking is the sorted one but once in T^2 rounds"


def test_theorem_4_4_drawn_instances_are_both_drawn() -> None:
    u = utilities_of(40, utility="theorem_4_4", horizon=8)
    assert {tuple(row) for row in u[-1].tolist()} == set(LAST)


def test_the_sheets_range_of_tau_for_theorem_4_3_is_sorting_in_effect() -> None:
    """Section 3c, Theorem 4.3: at tau <= 1 / (4 T log T) a lead of 1 / (2 T) is ranked right but once in T^2 rounds."""
    for horizon in (10, 100, 1000):
        tau = 1 / (4 * horizon * log(horizon))
        assert 1 - sigmoid(1 / (2 * horizon) / tau) <= 1 / horizon**2


def test_theorem_4_1_refuses_what_it_does_not_prove() -> None:
    with pytest.raises(PalaestraError, match=r"temperature=0\.2"):
        palaestra.rules("RankingBandit-v0", utility="theorem_4_1", temperature=0.2)
    with pytest.raises(PalaestraError, match="proposals=3"):
        palaestra.rules("RankingBandit-v0", utility="theorem_4_1", information="bandit", proposals=3)
    with pytest.raises(PalaestraError, match="actions=5"):
        palaestra.rules("RankingBandit-v0", utility="theorem_4_4", actions=5)


def test_rules_that_draw_nothing_after_the_start_say_so() -> None:
    quiet = {"feedback": "average", "temperature": 0.0}
    for options, stochastic in (
        ({"utility": "theorem_4_4", **quiet}, False),
        ({"utility": "theorem_4_3", "sequence": 2, **quiet}, False),
        ({"utility": "theorem_4_3", **quiet}, True),
        ({"utility": "theorem_4_4", "temperature": 0.1}, True),
    ):
        assert palaestra.rules("RankingBandit-v0", **options).facts.stochastic == stochastic
