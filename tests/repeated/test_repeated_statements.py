"""What the sheet states of play against adaptive opponents (2b, 2c), by brute force over joint histories."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.agents.repeated.constant_play import ConstantPlay
from palaestra.agents.repeated.impossibility_adversaries import CoinFlipper, FirstActionJudge
from palaestra.agents.repeated.map_player import MapPlayer
from palaestra.metrics import metrics
from palaestra.metrics.repeated.repeated_trace import problem_of
from palaestra.theory.games import NormalFormGame
from palaestra.theory.games.classics import CLASSICS
from palaestra.theory.repeated.comparators import best_in_blocks, best_with_switches, improved_fixed
from palaestra.theory.repeated.interaction import Interaction
from palaestra.theory.repeated.memory import Memory

DILEMMA = [[3, 0], [5, 1]]
MEMORY = Memory((2, 2), 1)
PROBLEM = Interaction.of(CLASSICS["prisoners_dilemma"].game, MEMORY, 0)
ROUNDS = 4

Maps = list[list[list[Fraction]]]
"""Rounds of rows of chances, by hand."""


class Table(MapPlayer):
    """Plays one given map throughout."""

    learns = False

    def __init__(self, rows: Any) -> None:
        self.rows = np.asarray(rows, np.float64)

    def reset(self, task: Any, lanes: int, seed: Any) -> None:
        super().reset(task, lanes, seed)
        self.keep(self.rows[None])


def drawn_maps(numbers: np.random.Generator, rounds: int = ROUNDS) -> Maps:
    """Random rational maps: 5 rows (the four joint actions, then the start) a round."""
    weights = numbers.integers(1, 8, (rounds, 5, 2)).tolist()
    return [[[Fraction(w, sum(row)) for w in row] for row in rows] for rows in weights]


def row_after(history: list[tuple[int, int]]) -> int:
    return 4 if not history else 2 * history[-1][0] + history[-1][1]


def paths(own: Maps, theirs: Maps, rounds: int) -> Any:
    """Every joint history of so many rounds with its probability."""
    for joints in product(product((0, 1), repeat=2), repeat=rounds):
        chance, history = Fraction(1), list[tuple[int, int]]()
        for t, (a, b) in enumerate(joints):
            row = row_after(history)
            chance *= own[t][row][a] * theirs[t][row][b]
            history.append((a, b))
        yield chance, history


def payoff_of(own: Maps, theirs: Maps) -> Fraction:
    """J: expected total payoff, summed over all histories."""
    return sum(
        (chance * sum(DILEMMA[a][b] for a, b in history) for chance, history in paths(own, theirs, len(own))),
        Fraction(0),
    )


def law_of(own: Maps, theirs: Maps, t: int) -> list[Fraction]:
    """d_t: the law of the state before round t."""
    law = [Fraction(0)] * 5
    for chance, history in paths(own, theirs, t):
        law[row_after(history)] += chance
    return law


def values_of(own: Maps, theirs: Maps, t: int, row: int, action: int) -> Fraction:
    """Q_t(s, a): payoff of the rounds from t on, by recursion."""
    total = Fraction(0)
    for b in (0, 1):
        after = 2 * action + b
        later = Fraction(0)
        if t + 1 < len(own):
            later = sum((own[t + 1][after][a] * values_of(own, theirs, t + 1, after, a) for a in (0, 1)), Fraction(0))
        total += theirs[t][row][b] * (DILEMMA[action][b] + later)
    return total


def arrays(maps: Maps) -> Any:
    return np.array([[[float(x) for x in row] for row in rows] for rows in maps])[:, None]


@pytest.mark.parametrize("seed", range(3))
def test_the_performance_difference_identity_is_exact(seed: int) -> None:
    """2b: J(mu) - J(pi) = sum_t sum_s d_t^mu(s) <Q_t^pi(s, .), mu_t(s) - pi_t(s)>, in fractions."""
    numbers = np.random.default_rng(seed)
    mu, pi, theirs = (drawn_maps(numbers) for _ in range(3))
    identity = Fraction(0)
    for t in range(ROUNDS):
        law = law_of(mu, theirs, t)
        for s, a in product(range(5), (0, 1)):
            if law[s]:
                identity += law[s] * values_of(pi, theirs, t, s, a) * (mu[t][s][a] - pi[t][s][a])
    assert payoff_of(mu, theirs) - payoff_of(pi, theirs) == identity
    ours = PROBLEM.payoffs_of(arrays(mu), arrays(theirs)).sum()
    assert abs(ours - float(payoff_of(mu, theirs))) < 1e-12


@pytest.mark.parametrize("seed", range(3))
def test_the_linearised_gradient_is_the_directional_derivative(seed: int) -> None:
    """2b: grad[s, a] = d_t(s) Q_t(s, a); J is a polynomial, so a small central difference is off by its square."""
    numbers = np.random.default_rng(10 + seed)
    mu, pi, theirs = (drawn_maps(numbers) for _ in range(3))
    step = Fraction(1, 10**6)

    def moved(sign: int) -> Maps:
        return [
            [[p + sign * step * (m - p) for p, m in zip(*rows, strict=True)] for rows in zip(*two, strict=True)]
            for two in zip(pi, mu, strict=True)
        ]

    derivative = (payoff_of(moved(1), theirs) - payoff_of(moved(-1), theirs)) / (2 * step)
    gradient = PROBLEM.gradients(arrays(pi), arrays(theirs))
    assert abs((gradient * (arrays(mu) - arrays(pi))).sum() - float(derivative)) < 1e-8


def test_total_payoff_is_not_concave_in_the_map() -> None:
    """2b: midpoint concavity fails for a large share of random pairs of maps (937 of 2,000 in the sheet)."""
    numbers, rounds, broken = np.random.default_rng(0), 12, 0
    for _ in range(300):
        mu, pi, theirs = numbers.dirichlet((1, 1), (3, 5))

        def total(own: Any, theirs: Any = theirs) -> float:
            law, earned = np.eye(5)[4], 0.0
            for _ in range(rounds):
                joint = law[:, None, None] * own[:, :, None] * theirs[:, None, :]
                earned += float((joint * DILEMMA).sum())
                law = np.append(joint.sum(0).ravel(), 0.0)
            return earned

        broken += total((mu + pi) / 2) < (total(mu) + total(pi)) / 2 - 1e-9
    assert broken > 60


def measured(own: Any, other: Any, names: list[str], rounds: int = 1000, **options: Any) -> list[float]:
    trace = palaestra.run(
        "RepeatedGame-v0", [own, other], seeds=[0], horizon=rounds, options={"information": "maps", **options}
    )
    return [float(metrics[name].load()(trace)[0]) * rounds for name in names]


def test_no_external_regret_may_be_much_policy_regret() -> None:
    """2c: against tit-for-tat, defection has external regret 0 and policy regret 1996, cooperation 2000 and 0."""
    names = ["external_regret", "policy_regret"]
    assert measured("AlwaysDefect", "TitForTat", names) == pytest.approx([0.0, 1996.0])
    assert measured("AlwaysCooperate", "TitForTat", names) == pytest.approx([2000.0, 0.0])


COPIED = [[[0.5, 0.0], [0.9, 0.0]], [[0.0, 0.0], [0.0, 0.0]]]
"""f(prev, cur) of 2c as a game: the other copies, so its action is `prev` (row: own action `cur`)."""


def test_external_and_policy_regret_are_incompatible_at_memory_one() -> None:
    """2c: f: aa .5, ab .9, ba 0, bb 0. All-a: external .4T, policy 0; abab: external about 0, policy .05T."""
    rounds = 1000
    alternate = Table([[0, 1], [0, 1], [1, 0], [1, 0], [1, 0]])
    names = ["external_regret", "policy_regret"]
    assert measured(ConstantPlay(0), "TitForTat", names, rounds, game=COPIED) == pytest.approx([0.4 * rounds, 0.0])
    external, policy = measured(alternate, "TitForTat", names, rounds, game=COPIED)
    assert abs(external) <= 1.0 and policy == pytest.approx(0.05 * rounds, abs=1.0)


def test_no_periodic_play_has_both_regrets_small() -> None:
    """2c, over every play of period 14: in the long run the larger of the two is at least .04 a round."""
    f, rounds, least = np.array([[0.5, 0.9], [0.0, 0.0]]), 14, np.inf
    for actions in product((0, 1), repeat=rounds):
        before = np.roll(actions, 1)
        earned = f[before, actions].sum()
        external = max(f[before, a].sum() for a in (0, 1)) - earned
        policy = 0.5 * rounds - earned
        least = min(least, max(external, policy) / rounds)
    assert least >= 0.04


PENNIES = [[[1, 0], [0, 1]], [[0, 1], [1, 0]]]


def test_without_a_bound_on_the_comparators_variation_regret_is_linear() -> None:
    """2c, N1: against fair coins everybody earns T / 2; a comparator of V changes earns ever more, up to T."""
    rounds, lanes = 200, 50
    options = {"information": "maps", "game": PENNIES, "memory": 0}
    for learner in ("LinearisedRegret", "AlwaysCooperate", "Uniform"):
        trace = palaestra.run(
            "RepeatedGame-v0", [learner, CoinFlipper()], range(lanes), horizon=rounds, options=options
        )
        assert abs(trace.rewards[0].mean() - 0.5) < 4 * 0.5 / np.sqrt(rounds * lanes)  # type: ignore[index]
    problem, _, others = problem_of(trace)
    coins = trace.scoring["play"][..., 1]
    earned = []
    for block in (rounds, 20, 2, 1):
        ones = coins.reshape(-1, block, lanes).sum(1)
        by_hand = np.maximum(ones, block - ones).sum(0)
        assert np.allclose(best_in_blocks(problem, others, block), by_hand)
        earned.append(by_hand.mean())
    assert earned == sorted(earned) and earned[-1] == rounds
    assert np.allclose(best_with_switches(problem, others, 0), np.maximum(coins.sum(0), rounds - coins.sum(0)))
    assert np.allclose(problem.best_reply(others)[1], rounds)


@pytest.mark.parametrize("learner", ["LinearisedRegret", "StageHedge", "HistoryQLearning", "PerturbedLeader"])
def test_against_perfect_recall_regret_is_linear(learner: str) -> None:
    """2c, N2: one first action pays for ever, nobody knows which: the regrets of both thetas add up to T - 1."""
    rounds, lanes = 40, 20
    options = {"information": "maps", "game": [[[1, 0], [1, 0]], [[0, 0], [0, 0]]]}
    earned = np.zeros(lanes)
    for theta in (0, 1):
        seats = [learner, FirstActionJudge(theta)]
        trace = palaestra.run("RepeatedGame-v0", seats, range(lanes), horizon=rounds, options=options)
        earned += trace.rewards[0].sum(0)  # type: ignore[index]
    best = 2 * (rounds - 1)
    assert (best - earned >= rounds - 1).all()


def test_a_fixed_map_of_the_whole_history_is_a_dynamic_comparator() -> None:
    """2c, N3: the length of the history is a clock, so a fixed map of perfect recall wins every toss of N1's coins."""
    rounds = 4
    memory = Memory((2, 2), rounds - 1)
    problem = Interaction.of(NormalFormGame.of(PENNIES), memory, 0)
    for coins in product((0, 1), repeat=rounds):
        others = np.broadcast_to(np.eye(2)[list(coins)][:, None, None], (rounds, 1, memory.states, 2))
        clock = (memory.histories[:, :, 0] >= 0).sum(1)  # rounds played; 3 stands for the last round
        fixed = np.eye(2)[np.array(coins)[clock]]
        assert problem.payoffs_of(np.broadcast_to(fixed, (rounds, 1, *fixed.shape)), others).sum() == rounds
        assert improved_fixed(problem, others)[1] == rounds
