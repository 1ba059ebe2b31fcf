"""External regret and the coarse-correlated gap against sums and linear programs written from scratch."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.core.errors import PalaestraError
from palaestra.metrics import metrics
from palaestra.theory.games import NormalFormGame, PolymatrixGame
from palaestra.theory.games.coarse_correlated_gap import coarse_correlated_gap
from scipy.optimize import linprog


def test_external_regret_is_the_best_sum_less_the_earned_sum() -> None:
    """Section 3a: R_ext = max_pi sum <u^t, pi - pi^t>; each point of the curve is the regret of the play so far."""
    trace = palaestra.run("RankingBandit-v0", "RankingPGD", range(3), horizon=25)
    metric = metrics["external_regret"].load()
    curve = metric.curve(trace)  # type: ignore[misc]
    strategies = trace.actions[0] / trace.actions[0].sum(-1, keepdims=True)
    for lane, steps in product(range(3), (1, 10, 25)):
        utility = trace.scoring["utility"][:steps, lane]
        earned = sum(float(u @ x) for u, x in zip(utility, strategies[:steps, lane], strict=True))
        best = max(sum(utility[:, a]) for a in range(10))
        assert curve[steps - 1, lane] == pytest.approx((best - earned) / steps, abs=1e-12)
    assert metric(trace) == pytest.approx(curve[-1])


def test_under_bandit_information_regret_is_against_the_mean_of_the_proposals() -> None:
    """Section 3a: R = max_pi sum(<u^t, pi> - (1/K) sum_{a in o^t} u^t(a))."""
    trace = palaestra.run("RankingBandit-v0", "Uniform", range(2), horizon=8, options={"information": "bandit"})
    for lane in range(2):
        utility, proposals = trace.scoring["utility"][:, lane], trace.actions[0][:, lane]
        earned = sum(utility[t, a] for t in range(8) for a in proposals[t]) / 5
        expected = (utility.sum(0).max() - earned) / 8
        assert palaestra.evaluate(trace)["external_regret"][lane] == pytest.approx(expected, abs=1e-12)


def test_external_regret_survives_storage_and_replay(tmp_path: Any) -> None:
    trace = palaestra.run("RankingBandit-v0", "RankingFTRL", range(2), horizon=6, options={"feedback": "average"})
    loaded = palaestra.load_trace(trace.save(tmp_path / "play.parquet"))
    assert (
        palaestra.evaluate(loaded)["external_regret"].tolist() == palaestra.evaluate(trace)["external_regret"].tolist()
    )


def test_external_regret_refuses_a_game_of_many() -> None:
    with pytest.raises(PalaestraError, match="one learner"):
        metrics["external_regret"].load()(palaestra.run("TransferGame-v0", "Uniform", range(1)))


def random_game(chooser: Any, counts: tuple[int, ...]) -> NormalFormGame:
    entries = chooser.integers(-9, 10, (len(counts), *counts))
    return NormalFormGame(np.vectorize(lambda k: Fraction(int(k), 7), otypes=[object])(entries)[None])


def gap_by_hand(game: NormalFormGame, plays: Any, weights: Any) -> Fraction:
    gains = []
    for player, count in enumerate(game.num_actions):
        for action in range(count):
            gain = Fraction(0)
            for profile, weight in zip(plays, weights, strict=True):
                other = (*profile[:player], action, *profile[player + 1 :])
                gain += weight * (game.payoffs[(0, player, *other)] - game.payoffs[(0, player, *profile)])
            gains.append(gain)
    return max(gains)


@pytest.mark.parametrize("counts", [(2, 2), (3, 2), (2, 3, 2)])
def test_the_gap_is_exact_on_rational_games(counts: tuple[int, ...]) -> None:
    """Section 3a: eps = max_i R_i / T, in fractions."""
    chooser = np.random.default_rng(0)
    for _ in range(20):
        game = random_game(chooser, counts)
        plays = np.stack([chooser.integers(0, count, 6) for count in counts], axis=-1)
        weights = [Fraction(int(k), 60) for k in (1, 4, 10, 15, 10, 20)]
        (exact,) = coarse_correlated_gap(game, plays[:, None], weights)
        assert isinstance(exact, Fraction)
        assert exact == gap_by_hand(game, plays.tolist(), weights)
        (equal,) = coarse_correlated_gap(game, plays[:, None])
        assert equal == gap_by_hand(game, plays.tolist(), [Fraction(1, 6)] * 6)


def test_a_coarse_correlated_equilibrium_from_a_linear_program_has_no_gap() -> None:
    chooser = np.random.default_rng(1)
    for counts in ((2, 2), (3, 3), (2, 2, 2)):
        payoffs = chooser.normal(0, 1, (len(counts), *counts))
        game = NormalFormGame.of(payoffs)
        profiles = np.array(list(product(*(range(count) for count in counts))))
        rows = []
        for player, count in enumerate(counts):
            for action in range(count):
                other = profiles.copy()
                other[:, player] = action
                rows.append(payoffs[player][tuple(other.T)] - payoffs[player][tuple(profiles.T)])
        found = linprog(
            np.zeros(len(profiles)), np.array(rows), np.zeros(len(rows)), np.ones((1, len(profiles))), [1.0]
        )
        assert coarse_correlated_gap(game, profiles[:, None], found.x)[0] <= 1e-9
        assert coarse_correlated_gap(game, profiles[:, None])[0] > 0.01, "the uniform law is none"


def test_the_gap_of_a_polymatrix_game_is_that_of_its_normal_form() -> None:
    chooser = np.random.default_rng(2)
    game = PolymatrixGame(np.array([[0, 1], [1, 2], [0, 3]]), chooser.normal(0, 1, (5, 3, 2, 2, 2)), 4)
    plays = chooser.integers(0, 2, (7, 5, 4))
    assert coarse_correlated_gap(game, plays) == pytest.approx(coarse_correlated_gap(game.normal_form(), plays))


def test_the_metric_reads_the_second_stage_of_a_transfer_game() -> None:
    trace = palaestra.run("TransferGame-v0", "Uniform", range(4), horizon=10, options={"game": "random_normal_form"})
    plays = np.stack([action["play"][1::2] for action in trace.actions], axis=-1)
    found = metrics["coarse_correlated_gap"].load()(trace)
    for lane in range(4):
        payoffs = trace.instance.payoffs[lane]
        rational = np.vectorize(lambda x: Fraction(float(x)), otypes=[object])(payoffs)
        game = NormalFormGame(rational[None])
        assert found[lane] == pytest.approx(float(gap_by_hand(game, plays[:, lane].tolist(), [Fraction(1, 5)] * 5)))


def test_plays_that_do_not_fit_are_refused() -> None:
    game = NormalFormGame.of([[[1, 0], [0, 1]], [[1, 0], [0, 1]]])
    for shape in ((0, 1, 2), (3, 1, 3), (3, 2)):
        with pytest.raises(PalaestraError, match="plays of shape"):
            coarse_correlated_gap(game, np.zeros(shape, np.int64))
