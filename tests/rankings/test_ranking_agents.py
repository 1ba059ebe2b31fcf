"""Learners from rankings: Algorithm 1's estimates, regret that falls with T, and what the oracles and duellers do."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product
from math import exp, log, sqrt
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.agents import agents
from palaestra.agents.rankings.duelling_learner import duel_wins
from palaestra.agents.rankings.empirical_blocks import EmpiricalBlocks
from palaestra.agents.rankings.proposals import sample_proposals
from palaestra.agents.rankings.ranking_estimate import RankingEstimate, importance_weighted
from palaestra.agents.rankings.ranking_learner import RankingLearner
from palaestra.core.arrays import backend
from palaestra.core.errors import PalaestraError
from palaestra.core.randomness import Draw, lane_keys
from palaestra.theory.learning.no_regret import ProjectedGradientAscent
from palaestra.theory.rankings.plackett_luce import sample_rankings
from scipy.optimize import brentq

WALK = {"utility": "walk", "actions": 10, "q": 0.5, "temperature": 0.5}


def regret(agent: Any, horizon: int, lanes: int, **options: Any) -> Any:
    trace = palaestra.run("RankingBandit-v0", agent, range(lanes), horizon=horizon, options={**WALK, **options})
    return palaestra.evaluate(trace)["external_regret"]


def estimate_by_hand(rankings: Any, lane: int, actions: int, tau: float) -> list[float]:
    """Algorithm 1 of section 3b, pair by pair."""
    result = []
    for a in range(actions - 1):
        shares = []
        for ranking in rankings:
            row = ranking[lane].tolist()
            pairs = [(i, j) for i, j in product(range(len(row)), repeat=2) if row[i] == a and row[j] == actions - 1]
            if pairs:
                shares.append(sum(i < j for i, j in pairs) / len(pairs))
        mean = sum(shares) / len(shares) if shares else 0.5
        value = -1.0 if mean == 0 else 1.0 if mean == 1 else tau * log(mean / (1 - mean))
        result.append(min(max(value, -1.0), 1.0))
    return [*result, 0.0]


@pytest.mark.parametrize("window", [1, 4, 50])
def test_the_incremental_estimate_is_algorithm_1_on_the_window(window: int) -> None:
    """Section 3b, Algorithm 1: the sums kept over the window against counting every pair anew."""
    chooser, lanes, actions = np.random.default_rng(0), 3, 4
    estimate = RankingEstimate(lanes, actions, window, 0.7, -1.0, 1.0)
    seen: list[Any] = []
    for _ in range(30):
        seen.append(chooser.integers(0, actions, (lanes, 5)))
        estimate.add(seen[-1])
        for lane in range(lanes):
            by_hand = estimate_by_hand(seen[-window:], lane, actions, 0.7)
            assert estimate.differences()[lane] == pytest.approx(by_hand, abs=1e-9)


@pytest.mark.parametrize(("tau", "m", "p"), [(1.0, 2000, None), (2.0, 2000, None), (1.0, 5000, 1 - 0.8**3)])
def test_theorem_5_1_bounds_the_error_of_the_estimate(tau: float, m: int, p: float | None) -> None:
    """Section 3c, Theorem 5.1 with delta = 1/10, on 100 windows of drifting utilities.

    |u~ - u|_inf <= tau (e^(1/tau) + 1)^2 (1/p) sqrt(log(4 A / delta) / m) + the variation in the window, if every
    action is proposed with probability p or more and m p^4 >= 2 log(2 / delta); p = 1 under full information.
    """
    delta, lanes, actions = 0.1, 100, 5
    assert m * (p or 1) ** 4 >= 2 * log(2 / delta)
    chooser, where = np.random.default_rng(1), backend()
    utility = chooser.uniform(-0.8, 0.8, (lanes, actions))
    utility[:, -1] = 0.0
    estimate = RankingEstimate(lanes, actions, m, tau, -1.0, 1.0)
    keys, drift = lane_keys(range(lanes), where), chooser.normal(0, 0.2 / m, (lanes, actions - 1))
    for step in range(m):
        if step:
            utility[:, :-1] += drift
        items = None if p is None else chooser.integers(0, actions, (lanes, 3))
        estimate.add(sample_rankings(utility, tau, Draw(keys, step, where), items))
    error = np.abs(estimate.differences() - utility).max(-1)
    variation = np.abs(drift).max(-1) * (m - 1)
    bound = tau * (exp(1 / tau) + 1) ** 2 / (p or 1.0) * sqrt(log(4 * actions / delta) / m) + variation
    assert (error <= bound).mean() >= 1 - delta
    assert np.median(error) < 0.5, "the bound is loose; the estimate itself is good"


def test_blocks_recover_what_their_proposals_were_worth() -> None:
    """Section 3b, Algorithm 3: from exact empirical means the means of blocks; 0 where nothing was proposed."""
    chooser, lanes, actions, length = np.random.default_rng(0), 2, 3, 5
    blocks = EmpiricalBlocks(lanes, actions, length, -1.0, 1.0)
    worth: list[list[list[list[Fraction]]]] = []
    everything: list[list[list[Fraction]]] = [[[] for _ in range(actions)] for _ in range(lanes)]
    for step in range(4 * length):
        if step % length == 0:
            worth.append([[[] for _ in range(actions)] for _ in range(lanes)])
        proposals, utility = chooser.integers(0, actions, (lanes, 2)), chooser.integers(-8, 9, (lanes, actions))
        blocks.add(proposals)
        for lane, k in product(range(lanes), range(2)):
            action = int(proposals[lane, k])
            for kept in (worth[-1], everything):
                kept[lane][action].append(Fraction(int(utility[lane, action]), 8))
        assert blocks.due == (step % length == length - 1)
        if blocks.due:
            blocks.close(np.array([[float(sum(u) / max(len(u), 1)) for u in lane] for lane in everything]))
            means = [[[sum(u) / max(len(u), 1) for u in lane] for lane in block] for block in worth]
            expected = np.array(means, dtype=float).mean(0)
            assert blocks.mean == pytest.approx(expected, abs=1e-12)


def test_projected_gradient_ascent_answers_copies_as_if_it_had_learned_them_one_by_one() -> None:
    """Algorithm 3 asks for Alg of t copies of one vector (section 3b)."""
    chooser = np.random.default_rng(0)
    vectors = chooser.uniform(-1, 1, (20, 6))
    for copies in (1, 3, 17):
        learner = ProjectedGradientAscent(20, 6, 0.2)
        for _ in range(copies):
            learner.observe(vectors)
        fresh = ProjectedGradientAscent(20, 6, 0.2)
        fresh.answer(chooser.uniform(-1, 1, (20, 6)))  # what came before is forgotten
        assert fresh.answer(copies * vectors) == pytest.approx(learner.strategy, abs=1e-12)


def test_a_projection_is_the_nearest_strategy() -> None:
    """The nearest point of the simplex is y less one threshold, cut off at 0; here the threshold by Brent's method."""
    chooser = np.random.default_rng(3)
    for _ in range(5):
        learner = ProjectedGradientAscent(1, 4, 1.0)
        total = chooser.normal(0, 1, 4)
        threshold = brentq(lambda level, y=total: np.maximum(y - level, 0).sum() - 1, -10, 10, xtol=1e-14)
        assert learner.answer(total[None])[0] == pytest.approx(np.maximum(total - threshold, 0), abs=1e-12)


def test_proposals_follow_the_strategy_and_importance_weights_undo_it() -> None:
    strategy, utility = np.array([0.5, 0.0, 0.2, 0.3]), np.array([0.4, -0.9, 0.8, -0.5])
    lanes = 20_000
    drawn = sample_proposals(np.tile(strategy, (lanes, 1)), 2, Draw(lane_keys(range(lanes), backend()), 0, backend()))
    shares = np.bincount(drawn.ravel(), minlength=4) / drawn.size
    assert shares == pytest.approx(strategy, abs=5 * 0.5 / sqrt(drawn.size))
    estimate = importance_weighted(drawn, utility[drawn], np.tile(strategy, (lanes, 1))).mean(0)
    assert estimate[[0, 2, 3]] == pytest.approx(utility[[0, 2, 3]], abs=0.05)


def test_duels_are_counted_pair_by_pair() -> None:
    rankings = np.random.default_rng(0).integers(0, 3, (50, 6))
    wins = duel_wins(rankings, 3)
    for row, found in zip(rankings.tolist(), wins, strict=True):
        for i, j in product(range(3), repeat=2):
            pairs = [k < m for k, m in product(range(6), repeat=2) if row[k] == i and row[m] == j]
            expected = sum(pairs) / len(pairs) if pairs and i != j else 0.0
            assert found[i, j] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("agent", "feedback"),
    [("RankingPGD", "instantaneous"), ("RankingFTRL", "average"), ("RankingHedge", "instantaneous")],
)
def test_regret_with_full_information_falls_as_the_horizon_grows(agent: str, feedback: str) -> None:
    """Sections 3c and 3d (Theorems 5.2, 6.2): average regret at T/16, T/4 and T; by more than two standard errors."""
    lanes = 24
    values = [regret(agent, horizon, lanes, feedback=feedback) for horizon in (100, 400, 1600)]
    for shorter, longer in pairwise(values):
        error = sqrt(shorter.var() / lanes + longer.var() / lanes)
        assert longer.mean() + 2 * error < shorter.mean()


def test_on_drifting_utilities_the_estimator_beats_uniform_and_the_duelling_bandits() -> None:
    """On the walk with q = 0.7 and full information, by more than two standard errors."""
    lanes, options = 24, {"q": 0.7}
    ours = regret("RankingPGD", 600, lanes, **options)
    for other in ("Uniform", "RUCB", "DoubleThompson"):
        theirs = regret(other, 600, lanes, **options)
        difference = theirs - ours  # lane by lane: the same utilities
        assert difference.mean() > 2 * difference.std() / sqrt(lanes), other


@pytest.mark.parametrize("feedback", ["instantaneous", "average"])
def test_bandit_learners_beat_uniform(feedback: str) -> None:
    lanes = 16
    uniform = regret("Uniform", 500, lanes, information="bandit", feedback=feedback)
    for agent in ("RankingPGD", "RankingHedge"):
        difference = uniform - regret(agent, 500, lanes, information="bandit", feedback=feedback)
        assert difference.mean() > 2 * difference.std() / sqrt(lanes), agent


@pytest.mark.parametrize("information", ["full", "bandit"])
def test_numbers_are_worth_more_than_rankings(information: str) -> None:
    """The numeric twins are oracles: the learners that see utilities do no worse on average."""
    twin = regret("NumericHedge", 600, 16, information=information)
    ours = regret("RankingHedge", 600, 16, information=information)
    assert twin.mean() < ours.mean()


def test_numeric_hedge_keeps_its_regret_bound() -> None:
    """Freund and Schapire 1997: at most log A / eta + eta T / 2 on [-1, 1], so sqrt(2 log A / T) a round."""
    assert (regret("NumericHedge", 500, 32) <= sqrt(2 * log(10) / 500) + 1e-12).all()


def test_exp3_keeps_its_regret_bound_on_average() -> None:
    """Auer et al. 2002, Corollary 3.2: 2.63 sqrt(T A log A) on [0, 1], so twice that on [-1, 1]."""
    for information in ("full", "bandit"):
        found = regret("Exp3", 800, 24, information=information)
        assert found.mean() <= 2 * 2.63 * sqrt(10 * log(10) / 800)


def test_best_fixed_has_no_regret() -> None:
    for information in ("full", "bandit"):
        assert regret("BestFixed", 50, 5, information=information) == pytest.approx(np.zeros(5), abs=1e-12)


@pytest.mark.parametrize("agent", ["RUCB", "DoubleThompson"])
def test_duelling_bandits_find_the_winner_where_nothing_drifts(agent: str) -> None:
    """Zoghi et al. 2014 and Wu and Liu 2016 assume a fixed law of duels: shifts around a fixed point."""
    options = {"utility": "iid", "spread": 0.05, "temperature": 0.1, "information": "bandit", "proposals": 2}
    trace = palaestra.run("RankingBandit-v0", agent, range(12), horizon=900, options={**options, "actions": 4})
    late = trace.scoring["utility"][600:].mean(0)
    earned = trace.rewards[0][600:].mean(0)  # type: ignore[index]
    assert (late.max(-1) - earned).mean() < 0.1
    assert (late.max(-1) - late.mean(-1)).mean() > 0.3, "uniform play would lose this much"


def test_the_registered_names_are_variants_of_one_class() -> None:
    for name, alg in (("RankingPGD", "pgd"), ("RankingFTRL", "ftrl"), ("RankingHedge", "hedge")):
        assert agents[name].make().alg == alg
    assert agents["NumericPGD"].make().privileges == {"feedback": "numeric"}


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("RankingPGD", {"alg": "adam"}, "alg='adam'"),
        ("RankingPGD", {"exploration": 1.5}, r"exploration=1\.5"),
        ("RankingPGD", {"window": 0}, "window=0"),
        ("NumericHedge", {"alg": "ftrl"}, "alg='ftrl'"),
        ("RUCB", {"alpha": 0.5}, r"alpha=0\.5"),
        ("Exp3", {"exploration": 0.0}, r"exploration=0\.0"),
    ],
)
def test_a_bad_parameter_is_named_with_its_value(name: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(PalaestraError, match=message):
        agents[name].make(**options)


def test_a_learner_says_when_it_is_given_the_wrong_feedback() -> None:
    with pytest.raises(PalaestraError, match="NumericHedge"):
        palaestra.run("RankingBandit-v0", RankingLearner(), range(1), options={"feedback": "numeric"})
    with pytest.raises(PalaestraError, match="TransferGame-v0 provides no"):
        palaestra.run("TransferGame-v0", RankingLearner(), range(1))
