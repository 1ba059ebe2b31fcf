"""Learning equilibria from rankings: the statements on games of the ranking sheet (3a, 3c, 3e)."""

from __future__ import annotations

from itertools import product
from math import log
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.agents.rankings.ranking_learner import RankingLearner
from palaestra.agents.uniform import Uniform
from palaestra.core.arena import play
from palaestra.metrics import metrics
from palaestra.theory.games import NormalFormGame
from palaestra.theory.games.classics import CLASSICS
from palaestra.wrappers.ranking_feedback import RankingFeedback

SHAPLEY = [[[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[0, 1, 0], [0, 0, 1], [1, 0, 0]]]
MATCHING = np.array(CLASSICS["matching_pennies"].game.payoffs[0])
THREE = np.random.default_rng(23).integers(-1, 2, (3, 3, 2, 3))
"""Payoffs of -1, 0 and 1 only, so that best responses tie often."""


def gaps(agent: str, horizon: int, lanes: int, **options: Any) -> Any:
    options = {"temperature": 0.5, "actions": 5, **options}
    trace = palaestra.run("RankingGame-v0", agent, range(lanes), horizon=horizon, options=options)
    return palaestra.evaluate(trace)["coarse_correlated_gap"]


@pytest.mark.parametrize(
    ("agent", "options"),
    [
        ("RankingPGD", {"feedback": "instantaneous"}),
        ("RankingHedge", {"feedback": "instantaneous"}),
        ("RankingFTRL", {"feedback": "average"}),
        ("RankingPGD", {"feedback": "instantaneous", "players": 3, "actions": 3}),
    ],
)
def test_the_gap_falls_with_the_horizon(agent: str, options: dict[str, Any]) -> None:
    """Theorems 7.2 and 7.3, full information: the same 16 games, three standard errors of the paired difference."""
    short, long = gaps(agent, 250, 16, **options), gaps(agent, 1250, 16, **options)
    fall = short - long
    assert fall.mean() > 3 * fall.std(ddof=1) / 4
    assert long.mean() < 0.75 * short.mean()
    assert long.mean() < 0.4 * gaps("Uniform", 2, 16, **options).mean()


def test_numbers_are_worth_more_than_rankings_and_noise_costs() -> None:
    """Theorem 7.2's first term is the learner's own regret on numbers; the estimate adds to it, more at 4 times tau."""
    numbers = gaps("NumericHedge", 400, 16, feedback="numeric")
    rankings, noisy = gaps("RankingHedge", 400, 16), gaps("RankingHedge", 400, 16, temperature=2.0)
    for better, worse in ((numbers, rankings), (rankings, noisy)):
        assert (worse - better).mean() > 2 * (worse - better).std(ddof=1) / 4


@pytest.mark.parametrize("players", [2, 3])
def test_hedge_on_payoffs_stays_below_the_bound_that_is_drawn(players: int) -> None:
    """Section 3a, eps = max_i R_i / T, with Hedge's regret (Freund, Schapire 1997) after every round, in every game."""
    options = {"players": players, "actions": 4}
    trace = palaestra.run("RankingGame-v0", "NumericHedge", range(30), horizon=300, options=options)
    member = metrics["coarse_correlated_gap"].load()
    assert member.curve is not None and member.bound is not None
    curve, bound = member.curve(trace), member.bound(trace)
    assert (curve <= bound).all()
    assert curve[-1].max() > 0.3 * bound[-1, 0], "and the bound is not idle"
    assert bound[-1] == pytest.approx(np.full(30, (2 * log(4) / 300) ** 0.5))


@pytest.mark.parametrize("feedback", ["instantaneous", "average"])
def test_under_bandit_information_no_bound_of_full_information_is_drawn(feedback: str) -> None:
    """Section 3a with the regret of Hedge: that one is told the payoffs of all actions (Freund, Schapire 1997)."""
    member = metrics["coarse_correlated_gap"].load()
    assert member.bound is not None
    options = {"feedback": feedback, "temperature": 0.5, "proposals": 2}
    for information, drawn in (("full", True), ("bandit", False)):
        trace = palaestra.run(
            "RankingGame-v0", "Uniform", range(2), horizon=20, options=options | {"information": information}
        )
        assert np.isfinite(member.bound(trace)).all() == drawn
        assert np.isnan(member.bound(trace)).all() != drawn


def test_bandit_players_leave_uniform_play_behind() -> None:
    """Theorem 7.2, bandit information: slower, so the mark is 0.6 of the gap of uniform play."""
    found = gaps("RankingPGD", 2000, 24, information="bandit")
    start = gaps("Uniform", 2, 24)
    gain = start - found
    assert gain.mean() > 3 * gain.std(ddof=1) / 24**0.5
    assert found.mean() < 0.6 * start.mean()


def fictitious_play(payoffs: Any, rounds: int) -> list[tuple[int, ...]]:
    """Everybody's best response to the joint play of the others so far, from action 0, ties to the smaller index."""
    payoffs, counts = np.asarray(payoffs), np.asarray(payoffs).shape[1:]
    history: list[tuple[int, ...]] = []
    for _ in range(rounds):
        answers = []
        for i, count in enumerate(counts):
            worth = [sum(payoffs[(i, *p[:i], a, *p[i + 1 :])] for p in history) for a in range(count)]
            answers.append(worth.index(max(worth)))
        history.append(tuple(answers))
    return history


@pytest.mark.parametrize("payoffs", [SHAPLEY, MATCHING, THREE])
def test_sorted_averages_make_fictitious_play(payoffs: Any) -> None:
    """Remark K.3 at temperature 0: to the action, ties included; of three players, against the others' joint play."""
    options = {"game": np.asarray(payoffs).tolist(), "feedback": "average", "temperature": 0.0}
    trace = palaestra.run("RankingGame-v0", "TopRanked", range(1), horizon=120, options=options)
    played = [tuple(int(x[t, 0].argmax()) for x in trace.actions) for t in range(120)]
    expected = fictitious_play(payoffs, 120)
    assert played == expected
    assert len(set(expected)) > 2, "the play moves"


def test_nearly_sorted_averages_make_fictitious_play_where_nothing_ties() -> None:
    """Remark K.3 as its limit: a temperature far below the differences of random payoffs."""
    options = {"actions": 4, "feedback": "average", "temperature": 1e-9}
    trace = palaestra.run("RankingGame-v0", "TopRanked", range(5), horizon=60, options=options)
    for lane in range(5):
        payoffs = trace.instance.lane(lane).payoffs[0]
        first, second = (x[:, lane].argmax(-1) for x in trace.actions)
        for t in range(1, 60):
            assert first[t] == payoffs[0][:, second[:t]].sum(1).argmax()
            assert second[t] == payoffs[1][first[:t], :].sum(0).argmax()


def variations(payoffs: Any, strategies: Any) -> tuple[Any, Any]:
    """sum_t |u_i^t - u_i^{t-1}| by listing profiles, and sum_t |pi_j^t - pi_j^{t-1}|, both Euclidean, a player."""
    counts, rounds = payoffs.shape[1:], len(strategies[0])
    utilities = [np.zeros((rounds, c)) for c in counts]
    for profile in product(*map(range, counts)):
        for i, own in enumerate(profile):
            chance = np.prod([strategies[j][:, a] for j, a in enumerate(profile) if j != i], axis=0)
            utilities[i][:, own] += payoffs[(i, *profile)] * chance
    ours, theirs = ([np.linalg.norm(np.diff(x, axis=0), axis=1).sum() for x in y] for y in (utilities, strategies))
    return np.array(ours), np.array(theirs)


def test_lemma_k1_utilities_vary_no_more_than_the_others_strategies_let_them() -> None:
    """Lemma K.1, with its constant as we re-derive it, sqrt(A_i) sum_{j != i} sqrt(A_j): at most the sheet's."""
    agents = ["RankingPGD", "RankingHedge", "RankingFTRL"]
    options = {"players": 3, "actions": 3, "temperature": 0.5}
    trace = palaestra.run("RankingGame-v0", agents, range(4), horizon=60, options=options)
    for lane in range(4):
        strategies = [x[:, lane] / x[:, lane].sum(-1, keepdims=True) for x in trace.actions]
        ours, theirs = variations(trace.instance.lane(lane).payoffs[0], strategies)
        rules_say = np.linalg.norm(np.diff(trace.scoring["utility"][:, lane], axis=0), axis=2).sum(0)
        assert rules_say == pytest.approx(ours)
        for i in range(3):
            others = theirs.sum() - theirs[i]
            assert 0 < ours[i] <= 3 * others <= 3**0.5 * 3 * theirs.sum()


def test_lemma_k1_is_tight() -> None:
    """Two players, payoffs of 1 and -1, and an opponent that goes from one action to the other."""
    moves = [np.array([[0.5, 0.5], [0.5, 0.5]]), np.array([[1.0, 0.0], [0.0, 1.0]])]
    ours, theirs = variations(np.array([[[1.0, -1.0], [1.0, -1.0]]] * 2), moves)
    assert ours[0] == pytest.approx(2 * theirs[1])


def test_estimates_in_a_game_reach_differences_of_two() -> None:
    """Section 3e, warning 1: payoffs of [-1, 1] differ by up to 2, and Algorithm 1's clip must allow it."""
    game = NormalFormGame.of([[[1.0], [-1.0]], [[0.0], [0.0]]])
    rules = RankingFeedback(game, temperature=2.0, horizon=400)
    assert rules.facts.payoff_range == (-1.0, 1.0)
    learner = RankingLearner(window=400)
    play(rules, [learner, Uniform()], range(64))
    found = learner.estimate.differences()[:, 0]
    assert found.max() == 2.0, "the range of differences ends there"
    assert found.mean() == pytest.approx(2.0, abs=0.2), "a standard error a lane is 0.23, and half the lanes are cut"
