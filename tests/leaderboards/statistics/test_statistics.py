"""The statistics of leaderboards (DESIGN §7), against scipy and by brute force."""

from __future__ import annotations

from itertools import product
from math import isnan
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from palaestra.leaderboards.statistics.bootstrap import bootstrap
from palaestra.leaderboards.statistics.comparison import Comparison
from palaestra.leaderboards.statistics.estimate import Estimate
from palaestra.leaderboards.statistics.interquartile_mean import aggregate, interquartile_mean
from palaestra.leaderboards.statistics.number_text import number_text
from palaestra.leaderboards.statistics.rank_sets import rank_sets, rank_sets_of_resamples
from palaestra.leaderboards.sweeps.results import Results
from scipy import stats as scipy_stats

stats: Any = scipy_stats  # its stubs know no statistic of several samples
FINITE = st.floats(-1e6, 1e6)
NUMBERS = np.random.default_rng(5)


@settings(deadline=None)
@given(arrays.arrays(np.float64, arrays.array_shapes(min_dims=1, max_dims=2, max_side=25), elements=FINITE))
def test_the_interquartile_mean_is_scipys_trimmed_mean(scores: Any) -> None:
    assert interquartile_mean(scores) == pytest.approx(stats.trim_mean(scores, 0.25, axis=-1), rel=1e-9, abs=1e-6)


def test_one_wild_run_in_four_does_not_move_the_interquartile_mean() -> None:
    calm = np.array([1.0, 2.0, 3.0, 4.0])
    wild = np.array([-1e9, 2.0, 3.0, 1e9])
    assert interquartile_mean(wild) == interquartile_mean(calm) == 2.5


def test_a_missing_number_is_not_hidden() -> None:
    assert isnan(float(interquartile_mean(np.array([1.0, np.nan, 2.0]))))


def test_the_bootstrap_draws_every_resample_equally_often() -> None:
    scores = np.array([0.0, 1.0, 5.0])
    exact = [float(np.mean(drawn)) for drawn in product(scores, repeat=3)]  # all 27 resamples, by enumeration
    count = 40_000
    drawn = bootstrap(scores[:, None], count)
    for value in set(exact):
        share = exact.count(value) / 27
        seen = float(np.isclose(drawn, value).mean())
        assert abs(seen - share) < 4.5 * np.sqrt(share * (1 - share) / count)


def test_a_run_is_drawn_with_all_its_tasks() -> None:
    scores = np.array([[0.0, 100.0], [1.0, 103.0], [5.0, 101.0], [2.0, 90.0]])  # of four runs one is cut at each end
    drawn = [scores[list(rows)] for rows in product(range(4), repeat=4)]
    means = {round(float(np.mean(stats.trim_mean(own, 0.25, axis=0))), 9) for own in drawn}
    assert {round(value, 9) for value in bootstrap(scores, 5000).tolist()} <= means


def test_every_scenario_counts_the_same_and_none_is_cut() -> None:
    """Pooled, the quarter that is cut would be the scenario that an agent fails, and failing it would cost nothing."""
    scores = NUMBERS.normal(size=(40, 4)) + np.array([0.0, 1.0, 2.0, 3.0])
    failed = scores - np.array([100.0, 0.0, 0.0, 0.0])
    assert stats.trim_mean(failed, 0.25, axis=None) == stats.trim_mean(scores - [9.0, 0, 0, 0], 0.25, axis=None)
    assert aggregate(failed) == pytest.approx(aggregate(scores) - 25.0)
    assert aggregate(scores) == pytest.approx(stats.trim_mean(scores, 0.25, axis=0).mean())


def test_equal_scores_give_just_themselves_and_so_do_their_resamples() -> None:
    for level in (0.1, 1 / 3, 0.9999999999999999, -7.1):
        found = Estimate.of_scores(np.full((50, 5), level))
        assert found.low == found.value == found.high == pytest.approx(level, rel=1e-15)


def test_a_task_that_is_there_twice_makes_nobody_surer() -> None:
    """The same worlds in two scenarios are one measurement; drawn task by task the interval would shrink by a third."""
    scores = NUMBERS.gamma(2.0, size=(40, 1))
    once, twice = Estimate.of_scores(scores), Estimate.of_scores(np.hstack([scores, scores]))
    assert (twice.value, twice.low, twice.high) == pytest.approx((once.value, once.low, once.high))


def test_the_interval_is_scipys_percentile_interval() -> None:
    scores = NUMBERS.gamma(2.0, size=60)
    ours = Estimate.of_scores(scores[:, None])
    theirs = stats.bootstrap(
        (scores,), lambda x, axis: stats.trim_mean(x, 0.25, axis=axis), n_resamples=20_000, method="percentile", rng=1
    ).confidence_interval
    width = theirs.high - theirs.low
    assert ours.low == pytest.approx(theirs.low, abs=0.06 * width)  # the noise of 2,000 resamples at a 2.5% quantile
    assert ours.high == pytest.approx(theirs.high, abs=0.06 * width)
    assert ours.value == pytest.approx(stats.trim_mean(scores, 0.25))


def test_the_interval_of_a_paired_difference_is_scipys() -> None:
    hard = NUMBERS.normal(0.0, 3.0, 80)  # how hard a seed is, for both alike
    first, second = hard + NUMBERS.normal(0.4, 0.5, 80), hard + NUMBERS.normal(0.0, 0.5, 80)
    ours = Comparison.of(first[:, None], second[:, None]).difference
    theirs = stats.bootstrap(
        (first, second),
        lambda x, y, axis: stats.trim_mean(x, 0.25, axis=axis) - stats.trim_mean(y, 0.25, axis=axis),
        paired=True,
        n_resamples=20_000,
        method="percentile",
        rng=1,
    ).confidence_interval
    width = theirs.high - theirs.low
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.08 * width)
    alone = Estimate.of_scores(first[:, None])
    assert ours.high - ours.low < 0.7 * (alone.high - alone.low)  # pairing takes the hardness of seeds out


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    worlds = NUMBERS.normal(size=(300, 40))
    hits = 0
    for scores in worlds:
        low, high = np.quantile(bootstrap(scores[:, None], 400), (0.025, 0.975))
        hits += low <= 0.0 <= high
    assert 0.88 <= hits / 300 <= 0.98  # 95% less the known shortfall of percentile intervals at 40 runs; 3 sigma 0.04


def test_the_probability_of_improvement_counts_pairs_and_half_of_ties() -> None:
    first, second = np.array([[1.0, 5.0], [2.0, 5.0], [3.0, 0.0]]), np.array([[0.0, 5.0], [2.0, 6.0], [4.0, 1.0]])
    wins = [1.0 if a > b else 0.5 if a == b else 0.0 for a, b in zip(first.flat, second.flat, strict=True)]
    assert Comparison.of(first, second).improvement.value == pytest.approx(sum(wins) / 6)
    assert Comparison.of(first, second, "lower").improvement.value == pytest.approx(1 - sum(wins) / 6)


def test_winning_every_run_is_no_certainty() -> None:
    ahead = np.arange(4.0)[:, None]
    exact = stats.binomtest(4, 4).proportion_ci()
    won, lost = Comparison.of(ahead + 1, ahead).improvement, Comparison.of(ahead, ahead + 1).improvement
    assert (won.value, won.low, won.high) == pytest.approx((1.0, exact.low, 1.0))
    assert (lost.value, lost.low, lost.high) == pytest.approx((0.0, 0.0, 1 - exact.low))


def test_rank_sets_are_those_of_simultaneous_paired_intervals() -> None:
    """By the definition, pair by pair and resample by resample, with scipy's trimmed mean and draws of our own."""
    base = NUMBERS.normal(size=(30, 2))
    scores = np.stack(
        [base, base + 0.01, base - 2.0, base[::-1], base + NUMBERS.normal(0.05, 0.6, size=(30, 2))]
    )  # ahead by a hair on every seed; far behind; shuffled; in doubt
    rows = np.random.default_rng(9).integers(30, size=(4000, 30))
    held = stats.trim_mean(scores, 0.25, axis=1).mean(axis=1)
    drawn = np.stack([stats.trim_mean(own[rows], 0.25, axis=1).mean(axis=1) for own in scores])
    pairs = [(a, b) for a in range(5) for b in range(5) if a != b]
    spread = {(a, b): np.std(drawn[a] - drawn[b]) for a, b in pairs}
    sure = [(a, b) for a, b in pairs if spread[a, b] > 1e-12]
    deviations = [abs(drawn[a] - drawn[b] - (held[a] - held[b])) / spread[a, b] for a, b in sure]
    widest = float(np.quantile(np.max(deviations, axis=0), 0.95))
    ahead = {(a, b): held[a] - held[b] > widest * spread[a, b] for a, b in pairs}
    found = rank_sets(scores)
    for a in range(5):
        best = 1 + sum(ahead[b, a] for b in range(5) if b != a)
        assert found[a] == (best, 5 - sum(ahead[a, b] for b in range(5) if b != a))
    assert found[2] == (5, 5) and found[0][0] == 2  # a hair on every seed decides, which unpaired intervals do not see


def test_equal_agents_are_told_apart_on_one_board_in_twenty() -> None:
    """Pair by pair it would be about three boards in four: 55 pairs of eleven agents."""
    told = 0
    for _ in range(150):
        resampled = np.stack([bootstrap(NUMBERS.normal(size=(50, 2)), 500, seed) for seed in range(11)])
        told += any(own != (1, 11) for own in rank_sets_of_resamples(resampled.mean(axis=1), resampled))
    assert told / 150 <= 0.12  # 5%, a little more at 50 runs; three standard errors are 5%


def test_lower_is_better_turns_ranks_round() -> None:
    scores = np.stack([np.full((5, 1), level) for level in (1.0, 2.0, 3.0)])
    assert rank_sets(scores) == [(3, 3), (2, 2), (1, 1)]
    assert rank_sets(scores, "lower") == [(1, 1), (2, 2), (3, 3)]


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(5)))
def test_ranks_do_not_depend_on_the_order_of_agents(order: list[int]) -> None:
    scores = np.random.default_rng(3).normal(size=(5, 12, 2)) + np.arange(5)[:, None, None] / 3
    found = rank_sets(scores)
    assert rank_sets(scores[order]) == [found[i] for i in order]


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_ranks_do_not_depend_on_the_order_of_rows(chance: Any) -> None:
    numbers = np.random.default_rng(8)
    rows = [
        {"agent": agent, "scenario": scenario, "seed": seed, "seconds": 1.0, "score": numbers.normal(level)}
        for level, agent in enumerate("abc")
        for scenario in ("one", "two")
        for seed in range(6)
    ]
    shuffled = list(rows)
    chance.shuffle(shuffled)
    made, again = (Results.of(some, ["score"], ("one", "two")) for some in (rows, shuffled))
    assert made.agents == again.agents and (made.scores["score"] == again.scores["score"]).all()
    assert rank_sets(made.scores["score"]) == rank_sets(again.scores["score"])


def test_a_single_run_decides_nothing() -> None:
    scores = np.array([[[1.0]], [[9.0]]])
    assert rank_sets(scores) == [(1, 2), (1, 2)]
    assert isnan(Estimate.of_scores(scores[0]).low)
    assert Estimate.of_scores(scores[0]).document == {"value": 1.0, "low": None, "high": None}


def test_numbers_are_shown_with_the_digits_that_their_intervals_bear() -> None:
    column = [Estimate(1234.5678, 1230.1, 1240.2), Estimate(-0.001, -5.0, 5.0)]
    assert number_text(column) == [("1,234.6", "[1,230.1, 1,240.2]"), ("0.0", "[−5.0, 5.0]")]
    assert number_text([Estimate(0.123456, float("nan"), float("nan"))]) == [("0.1235", "–")]
    assert number_text([Estimate(3e-17, 0.0, 9e-17)]) == [("3e-17", "[0, 9e-17]")]
