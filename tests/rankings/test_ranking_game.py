"""RankingGame-v0: utilities, rankings and the exact coarse-correlated gap (ranking sheet, section 3a, Games)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.core.batch import Batch
from palaestra.core.errors import PalaestraError, ReplayMismatch
from palaestra.metrics import metrics
from palaestra.theory.games import NormalFormGame
from palaestra.theory.games.coarse_correlated_gap import coarse_correlated_gap_of_strategies
from palaestra.theory.games.game_source import GameSource
from palaestra.wrappers.ranking_feedback import RankingFeedback

COUNTS = (2, 3, 2)
INTEGERS = np.random.default_rng(1).integers(-4, 5, (3, *COUNTS))
"""Three players with different numbers of actions; integer payoffs, so that floats are exact."""

MODES = [(feedback, information) for feedback in ("instantaneous", "average") for information in ("full", "bandit")]


def profiles(counts: Sequence[int] = COUNTS) -> Iterator[tuple[int, ...]]:
    return product(*map(range, counts))


def value(payoffs: Any, strategies: Any, player: int, action: int) -> Fraction:
    """u_i(a, x_-i) by listing all profiles."""
    total = Fraction(0)
    for profile in profiles(payoffs.shape[1:]):
        if profile[player] == action:
            others = [Fraction(strategies[j][a]) for j, a in enumerate(profile) if j != player]
            total += prod(others, start=Fraction(payoffs[player][profile]))
    return total


def quarters(chooser: np.random.Generator, count: int) -> Any:
    """A random strategy of quarters, exact in floats."""
    return np.bincount(chooser.integers(0, count, 4), minlength=count) / 4


def gap_by_enumeration(payoffs: Any, rounds: Sequence[Sequence[Any]]) -> Fraction:
    """The least eps of a coarse correlated equilibrium, from the average joint law written out profile by profile."""
    counts = payoffs.shape[1:]
    law: dict[tuple[int, ...], Any] = {
        profile: sum(prod((Fraction(x[j][a]) for j, a in enumerate(profile)), start=Fraction(1)) for x in rounds)
        / len(rounds)
        for profile in profiles(counts)
    }
    assert sum(law.values()) == 1
    gains: list[Fraction] = []
    for player, count in enumerate(counts):
        for action in range(count):
            swapped = {p: (*p[:player], action, *p[player + 1 :]) for p in law}
            paid = [q * Fraction(payoffs[player][swapped[p]] - payoffs[player][p]) for p, q in law.items()]
            gains.append(sum(paid, Fraction(0)))
    return max(gains)


def play(rules: Any, rounds: int, act: Any, lanes: int = 2) -> list[Any]:
    batch: Batch[Any] = Batch(rules, lanes, autoreset=False)
    batch.reset(11)
    return [batch.step(act(step)) for step in range(rounds)]


def test_utilities_are_expected_payoffs_against_the_others_strategies() -> None:
    """Section 3a, full information: u_i(a) = E_{pi_-i} U_i(a, .), by fractions; rewards are the strategy's share."""
    chooser = np.random.default_rng(0)
    mixed = [[[quarters(chooser, c) for _ in range(2)] for c in COUNTS] for _ in range(5)]
    rules = RankingFeedback(NormalFormGame.of(INTEGERS), horizon=5)
    for step, result in enumerate(play(rules, 5, lambda t: tuple(map(np.array, mixed[t])))):
        for lane in range(2):
            x = [mixed[step][j][lane] for j in range(3)]
            for i, count in enumerate(COUNTS):
                expected = [value(INTEGERS, x, i, a) for a in range(count)]
                assert result.scoring["utility"][lane, i, :count].tolist() == expected
                earned = sum(Fraction(p) * u for p, u in zip(x[i], expected, strict=True))
                assert result.rewards[i][lane] == earned


def test_bandit_utilities_are_means_over_all_profiles_of_the_others_proposals() -> None:
    """Section 3a, bandit information, with K = 4 proposals a player; the reward is the mean over its own."""
    chooser = np.random.default_rng(2)
    proposed = [[chooser.integers(0, c, (2, 4)) for c in COUNTS] for _ in range(4)]
    rules = RankingFeedback(NormalFormGame.of(INTEGERS), information="bandit", proposals=4, horizon=4)
    for step, result in enumerate(play(rules, 4, lambda t: tuple(proposed[t]))):
        for lane in range(2):
            own = [proposed[step][j][lane].tolist() for j in range(3)]
            for i, count in enumerate(COUNTS):
                rest = [o for j, o in enumerate(own) if j != i]
                mean: list[Any] = []
                for action in range(count):
                    paid = [INTEGERS[(i, *others[:i], action, *others[i:])] for others in product(*rest)]
                    mean.append(Fraction(int(sum(paid)), len(paid)))
                assert result.scoring["utility"][lane, i, :count].tolist() == mean
                assert result.rewards[i][lane] == sum((mean[a] for a in own[i]), Fraction(0)) / 4


@pytest.mark.parametrize(("feedback", "information"), MODES)
def test_at_temperature_zero_each_player_sees_its_own_actions_sorted(feedback: Any, information: Any) -> None:
    """Section 3a: by this round's utilities, by their averages, or by averages over the rounds that proposed them."""
    chooser = np.random.default_rng(3)
    if information == "full":
        acts = [tuple(np.array([quarters(chooser, c)]) for c in COUNTS) for _ in range(7)]
    else:
        acts = [tuple(chooser.integers(0, c, (1, 4)) for c in COUNTS) for _ in range(7)]
    rules = RankingFeedback(NormalFormGame.of(INTEGERS), feedback, information, 4, 0.0, 7)
    total, times = [[Fraction(0)] * c for c in COUNTS], [[0] * c for c in COUNTS]
    for step, result in enumerate(play(rules, 7, lambda t: acts[t], lanes=1)):
        for i, count in enumerate(COUNTS):
            items = sorted(acts[step][i][0].tolist()) if information == "bandit" else list(range(count))
            utility = [Fraction(u) for u in result.scoring["utility"][0, i, :count]]
            for action in items:
                total[i][action] += utility[action]
                times[i][action] += 1
            mean = [s / max(n, 1) for s, n in zip(total[i], times[i], strict=True)]
            by = mean if feedback == "average" else utility
            expected = sorted(items, key=lambda a, by=by: (-by[a], a))  # type: ignore[misc]
            assert result.observations[i]["ranking"][0].tolist() == expected


def test_players_of_a_symmetric_game_are_ranked_by_noise_of_their_own() -> None:
    """Equal utilities: two rankings of 4 actions agree in 1 of 24 lanes, and the first is any action alike."""
    rules = RankingFeedback(NormalFormGame.of(np.zeros((2, 4, 4))), horizon=1)
    (result,) = play(rules, 1, lambda t: (np.full((4800, 4), 0.25),) * 2, lanes=4800)
    first, second = (seen["ranking"] for seen in result.observations)
    assert (first == second).all(1).mean() == pytest.approx(1 / 24, abs=0.015)
    assert np.bincount(first[:, 0]) / 4800 == pytest.approx(np.full(4, 0.25), abs=0.03)


def test_a_player_is_told_how_many_actions_it_has_and_nothing_of_payoffs() -> None:
    rules = palaestra.rules("RankingGame-v0", game=INTEGERS.tolist())
    told = [rules.public_of(i) for i in range(3)]
    assert [one["num_actions"] for one in told] == list(COUNTS)
    assert all(set(one) & {"payoffs", "game", "utility", "strategies"} == set() for one in told)
    seen: list[Any] = []

    class Spy:
        def reset(self, task: Any, lanes: int, seed: Any) -> None:
            self.count = task.public["num_actions"]

        def act(self, observation: Any) -> Any:
            return np.full((2, self.count), 1.0)

        def learn(self, transition: Any) -> None:
            seen.append((transition.reward, set(transition.next_observation)))

    palaestra.run("RankingGame-v0", Spy(), range(2), horizon=2, options={"game": INTEGERS.tolist()})
    assert seen == [(None, {"ranking"})] * 6


def exact_rounds(count: int) -> list[list[Any]]:
    chooser = np.random.default_rng(5)
    return [
        [[Fraction(int(n), 6) for n in np.bincount(chooser.integers(0, c, 6), minlength=c)] for c in COUNTS]
        for _ in range(count)
    ]


def test_the_gap_of_fractions_is_exact() -> None:
    """Section 3a: eps of the average joint strategy, after every round, against the law written out."""
    rounds = exact_rounds(6)
    payoffs = np.vectorize(Fraction, otypes=[object])(INTEGERS)
    padded = np.full((6, 1, 3, 3), Fraction(0), object)
    for t, x in enumerate(rounds):
        for i, count in enumerate(COUNTS):
            padded[t, 0, i, :count] = x[i]
    found = coarse_correlated_gap_of_strategies(NormalFormGame(payoffs[None]), padded)
    assert all(isinstance(gap, Fraction) for gap in found[:, 0])
    assert found[:, 0].tolist() == [gap_by_enumeration(INTEGERS, rounds[: t + 1]) for t in range(6)]
    floats = coarse_correlated_gap_of_strategies(NormalFormGame.of(INTEGERS), padded.astype(float))
    assert floats == pytest.approx(found.astype(float), abs=1e-12)


def test_a_missing_action_of_a_narrow_player_is_no_deviation() -> None:
    """All payoffs are negative, so a padded action of value 0 would look like a gain."""
    game = NormalFormGame.of(-np.ones((2, 1, 3)))
    gaps = coarse_correlated_gap_of_strategies(game, np.array([[[[1.0, 0, 0], [0, 1.0, 0]]]]))
    assert gaps.tolist() == [[0.0]]


@pytest.mark.parametrize("shape", [(0, 1, 2, 2), (3, 1, 3, 2), (3, 2, 2)])
def test_strategies_that_do_not_fit_the_game_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(PalaestraError, match="are not"):
        coarse_correlated_gap_of_strategies(NormalFormGame.of(np.zeros((2, 2, 2))), np.zeros(shape))


def test_the_curve_of_a_two_stage_game_stands_while_promises_are_made() -> None:
    trace = palaestra.run("TransferGame-v0", "Uniform", range(3), horizon=8)
    member = metrics["coarse_correlated_gap"].load()
    assert member.curve is not None and member.bound is not None
    curve = member.curve(trace)
    assert curve.shape == member.bound(trace).shape == (8, 3)
    assert (curve[0] == 0).all() and (curve[1:7:2] == curve[2:8:2]).all()
    assert curve[-1] == pytest.approx(member(trace), abs=1e-12)


def test_taking_turns_between_equilibria_is_a_coarse_correlated_equilibrium() -> None:
    """The average joint law is scored, not the product of average strategies: that one has a gap in this game."""

    def turns(count: int, correlated: bool) -> float:
        payoffs = [[[2, 0], [0, 1]], [[1, 0], [0, 2]]]
        rules = RankingFeedback(NormalFormGame.of(payoffs), horizon=count)
        pure = np.eye(2)
        joint = [pure[[t % 2]] if correlated else np.full((1, 2), 0.5) for t in range(count)]
        results = play(rules, count, lambda t: (joint[t], joint[t]), lanes=1)
        strategies = np.stack([one.scoring["strategies"] for one in results])
        return float(coarse_correlated_gap_of_strategies(NormalFormGame.of(payoffs), strategies)[-1, 0])

    assert turns(4, True) == pytest.approx(-0.5)
    assert turns(4, False) == pytest.approx(0.25)


@pytest.mark.parametrize(("feedback", "information"), MODES)
@pytest.mark.parametrize("players", [2, 3])
def test_the_gap_is_the_greatest_external_regret_of_a_player_per_round(
    feedback: str, information: str, players: int
) -> None:
    """Section 3a: eps = max_i R_i / T, with regrets from the utilities and rewards that the rules gave."""
    options = {"feedback": feedback, "information": information, "players": players, "actions": 3}
    trace = palaestra.run("RankingGame-v0", "RankingHedge", range(3), horizon=40, options=options)
    assert trace.rewards is not None
    regrets = [trace.scoring["utility"][:, :, i].cumsum(0).max(-1) - trace.rewards[i].cumsum(0) for i in range(players)]
    curve = np.max(regrets, 0) / np.arange(1, 41)[:, None]
    member = metrics["coarse_correlated_gap"].load()
    assert member.curve is not None
    assert member.curve(trace) == pytest.approx(curve, abs=1e-12)
    assert palaestra.evaluate(trace)["coarse_correlated_gap"] == pytest.approx(curve[-1], abs=1e-12)


@pytest.mark.parametrize("information", ["full", "bandit"])
def test_the_replay_sees_a_tampered_trace(information: str) -> None:
    options = {"information": information, "actions": 3}
    trace = palaestra.run("RankingGame-v0", "RankingPGD", range(2), horizon=12, options=options)
    again = palaestra.replay(trace.bare())
    score = palaestra.evaluate(trace)["coarse_correlated_gap"]
    assert (palaestra.evaluate(again)["coarse_correlated_gap"] == score).all()

    actions = [np.array(one) for one in trace.actions]
    actions[1][6, 1] = actions[1][6, 1][::-1] if information == "full" else (actions[1][6, 1] + 1) % 3
    with pytest.raises(ReplayMismatch, match="lane 1, step 6"):
        palaestra.replay(replace(trace, actions=tuple(actions)))
    assert trace.rewards is not None
    claimed = np.array(trace.rewards[0])
    claimed[3, 0] += 1e-9
    with pytest.raises(ReplayMismatch, match="player_0, lane 0, step 3"):
        palaestra.replay(replace(trace, rewards=(claimed, trace.rewards[1])))
    lied = replace(trace.bare(), actions=tuple(actions))
    assert (palaestra.evaluate(lied)["coarse_correlated_gap"] != score).any(), "the score follows the actions"


def test_games_whose_payoffs_have_no_bounds_are_refused() -> None:
    source = GameSource(NormalFormGame.of(np.zeros((2, 2, 2))), None, (-np.inf, np.inf))
    with pytest.raises(PalaestraError, match="Utilities from -inf to inf"):
        RankingFeedback(source)
