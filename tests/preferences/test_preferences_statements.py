"""Preference aggregation: the statements of the sheet, in fractions, by code of their own.

Profiles here are dictionaries ranking -> share. Duels, shares and bounds are counted by hand; linear programs run over
all rankings. Only the rules under test come from the package.
"""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from palaestra.tests.support.ballots import HALF, bounds, duels, level, profiles, random_votes, tops, votes_of
from palaestra.theory.preferences.bradley_terry_rewards import bradley_terry_rewards
from palaestra.theory.preferences.voting_rules import maximal_lottery, minimax_policy, proportional_policy
from scipy import optimize


def solved(cost: Any, **program: Any) -> Any:
    """A linear program's optimum by scipy's HiGHS."""
    found: Any = optimize.linprog(cost, **program)
    assert found.status == 0, found.message
    return found


def test_shares_are_bounded_by_u_whose_sum_is_between_1_and_half_the_options() -> None:
    """Preferences sheet B(c) 1: w_k <= u_k and 1 <= sum u <= M/2."""
    for votes in profiles(200):
        u = bounds(duels(votes))
        assert all(w <= bound for w, bound in zip(tops(votes), u, strict=True))
        assert 1 <= sum(u) <= Fraction(len(u), 2)


def test_f_star_is_in_proportion_to_u_and_guarantees_one_over_its_sum() -> None:
    """Preferences sheet B(c) 2: F* = u / sum u, so pi_k / w_k >= 1 / sum u >= 2/M for every group, in fractions."""
    for votes in profiles(200):
        u = bounds(duels(votes))
        policy = proportional_policy(duels(votes))
        assert list(policy) == [bound / sum(u) for bound in u]
        assert level(policy, tops(votes)) >= 1 / sum(u) >= Fraction(2, len(u))


def test_f_star_is_the_only_policy_with_the_greatest_guarantee_over_feasible_shares() -> None:
    """Preferences sheet B(c) 2: F* alone maximises min over w <= u of min_k pi_k / w_k; the value is 1 / sum u.

    The worst shares for k are w_k = u_k, which are feasible because the others' bounds sum to 1 - u_k at least; so the
    guarantee of pi is min pi_k / u_k, a linear program. Its optimum is 1 / sum u, and each pi_k can neither be greater
    nor smaller than F*'s there.
    """
    for votes in profiles(15):
        u = [float(bound) for bound in bounds(duels(votes))]
        size = len(u)
        for k in range(size):
            assert sum(u) - u[k] >= 1 - u[k] - 1e-12
        rows = np.hstack([-np.eye(size), np.array(u)[:, None]])  # value * u_k <= pi_k
        simplex = {"A_eq": [[*[1.0] * size, 0.0]], "b_eq": [1.0]}
        best = solved([*[0.0] * size, -1.0], A_ub=rows, b_ub=np.zeros(size), **simplex)
        assert abs(-best.fun - 1 / sum(u)) < 1e-9
        policy = proportional_policy(duels(votes)).astype(float)
        for k in range(size):
            for sign in (1.0, -1.0):
                cost = np.zeros(size + 1)
                cost[k] = sign
                held = [(0, None)] * size + [(1 / sum(u) - 1e-12, None)]
                found = solved(cost, A_ub=rows, b_ub=np.zeros(size), bounds=held, **simplex)
                assert abs(sign * found.fun - policy[k]) < 1e-7


def test_where_all_duels_are_drawn_no_policy_guarantees_more_than_two_over_the_options() -> None:
    """Preferences sheet B(c) 3: a ranking and its reverse make P = 1/2, whatever the two tops; F* attains 2/M.

    A policy has some two options that get 2/M together at most, and a profile with P = 1/2 whose groups are these two
    with 1/2 each: its level is then at most 2/M.
    """
    for size in (2, 3, 4, 5):
        pairs = [(i, j) for i in range(size) for j in range(size) if i != j]
        for i, j in pairs:
            middle = tuple(k for k in range(size) if k not in (i, j))
            votes = {(i, *middle, j): HALF, (j, *middle[::-1], i): HALF}
            assert (duels(votes) == HALF).all()
            assert tops(votes) == [HALF if k in (i, j) else 0 for k in range(size)]
        assert list(proportional_policy(duels(votes))) == [Fraction(1, size)] * size
        assert level(proportional_policy(duels(votes)), tops(votes)) == Fraction(2, size)
        draw = random.Random(size)
        for _ in range(50):
            parts = [Fraction(draw.randint(0, 9)) for _ in range(size)]
            policy = [part / (sum(parts) or 1) for part in parts]
            assert min(min(policy[i], policy[j]) / HALF for i, j in pairs) <= Fraction(2, size)


def test_random_dictatorship_is_no_function_of_the_duels() -> None:
    """Preferences sheet B(c) 3: abc, cba and bac, cab, half each: the same P; shares (1/2, 0, 1/2), (0, 1/2, 1/2)."""
    one, other = votes_of(abc="1/2", cba="1/2"), votes_of(bac="1/2", cab="1/2")
    assert (duels(one) == duels(other)).all()
    assert (tops(one), tops(other)) == ([HALF, 0, HALF], [0, HALF, HALF])


@pytest.mark.parametrize("beta", [0.5, 1.0, 5.0, 20.0])
def test_f_beta_keeps_its_bound_on_proportionality(beta: float) -> None:
    """Preferences sheet B(c) 4: alpha >= exp(beta min u over groups) / sum_j u_j exp(beta u_j)."""
    for votes in profiles():
        duel, shares = duels(votes), tops(votes)
        u, policy = [float(bound) for bound in bounds(duel)], proportional_policy(duel, beta)
        weights = [bound * math.exp(beta * bound) for bound in u]
        assert np.allclose(policy, np.array(weights) / sum(weights), atol=1e-12)
        least = min(u[k] for k in range(len(u)) if shares[k] > 0)
        assert level(policy, [float(w) for w in shares]) >= math.exp(beta * least) / sum(weights) - 1e-12


def test_a_condorcet_winner_has_the_greatest_u_and_f_beta_its_bound() -> None:
    """Preferences sheet B(c) 7: c is argmax u; F^beta(c) >= 1/(1 + (M-1)(1-u_c)/u_c e^(-beta(2u_c - 1)))."""
    found = 0
    for votes in profiles(200):
        duel = duels(votes)
        size, u = len(duel), bounds(duel)
        for c in range(size):
            if all(duel[c][j] > HALF for j in range(size) if j != c):
                found += 1
                assert u[c] == max(u) and u.count(u[c]) == 1
                assert minimax_policy(duel)[c] == 1
                for beta in (0.0, 1.0, 7.0):
                    top = float(u[c])
                    bound = 1 / (1 + (size - 1) * (1 - top) / top * math.exp(-beta * (2 * top - 1)))
                    assert float(proportional_policy(duel, beta)[c]) >= bound - 1e-12
    assert found > 50


@pytest.mark.parametrize("beta", [0.0, 1.0, 9.0])
def test_f_beta_is_monotone_and_keeps_pareto(beta: float) -> None:
    """Preferences sheet B(c) 8: 0 violations; what everybody likes less has u = 0 and gets nothing."""
    for votes in profiles(40):
        duel = duels(votes)
        policy = proportional_policy(duel, beta)
        for i in range(len(duel)):
            for j in range(len(duel)):
                assert i == j or duel[i][j] < 1 or policy[j] == 0
        for ranking, share in votes.items():
            for place in range(1, len(ranking)):
                raised = list(ranking)
                raised[place - 1 : place + 1] = [ranking[place], ranking[place - 1]]
                after = {r: s for r, s in votes.items() if r != ranking}
                after[tuple(raised)] = after.get(tuple(raised), Fraction(0)) + share
                slack = 0 if beta == 0 else 1e-12
                assert proportional_policy(duels(after), beta)[ranking[place]] >= policy[ranking[place]] - slack


def _exact_shares(duel: Any, direction: Any) -> float:
    """max direction.w over the shares of all profiles with this P: a linear program over all M! rankings."""
    size = len(duel)
    orders = list(permutations(range(size)))
    pairs = [(i, j) for i in range(size) for j in range(i)]
    rows = [[1.0 if r.index(i) < r.index(j) else 0.0 for r in orders] for i, j in pairs]
    equal = [float(duel[i][j]) for i, j in pairs]
    found = solved([-direction[r[0]] for r in orders], A_eq=[*rows, [1.0] * len(orders)], b_eq=[*equal, 1.0])
    return -float(found.fun)


def _outer_shares(u: list[float], direction: Any) -> float:
    """max direction.w over w in the simplex with w <= u."""
    bounds_of_w = [(0.0, bound) for bound in u]
    found = solved([-d for d in direction], A_eq=[[1.0] * len(u)], b_eq=[1.0], bounds=bounds_of_w)
    return -float(found.fun)


@pytest.mark.parametrize("size", [3, 4])
def test_every_bound_alone_is_reached_by_some_profile_with_the_same_duels(size: int) -> None:
    """Preferences sheet B(c) 9: per-coordinate max over the exact set of shares equals u_k, LP over all rankings."""
    draw = random.Random(size)
    for _ in range(15):
        duel = duels(random_votes(size, draw.randint(2, 8), draw))
        for k, bound in enumerate(bounds(duel)):
            assert abs(_exact_shares(duel, np.eye(size)[k]) - float(bound)) < 1e-8


def test_the_bounds_are_exact_together_for_three_options_and_not_for_four() -> None:
    """Preferences sheet B(c) 9: support functions agree for M = 3; strict gaps occur for M = 4."""
    gaps: dict[int, list[float]] = {3: [], 4: []}
    for size, found in gaps.items():
        draw, numbers = random.Random(9), np.random.default_rng(9)
        for _ in range(25):
            duel = duels(random_votes(size, draw.randint(2, 8), draw))
            u = [float(bound) for bound in bounds(duel)]
            for direction in [*numbers.normal(size=(4, size)), *(1.0 - np.eye(size)[:2])]:
                gap = _outer_shares(u, direction) - _exact_shares(duel, direction)
                assert gap > -1e-8  # an outer approximation
                found.append(gap)
    assert max(gaps[3]) < 1e-8
    assert max(gaps[4]) > 0.01


def test_bradley_terry_rewards_are_ordered_like_borda_scores_under_complete_comparisons() -> None:
    """Preferences sheet B(c) 10: order of the BT maximum-likelihood rewards = Borda order, by scipy's own optimum."""
    for votes in profiles(15):
        duel = duels(votes)
        size = len(duel)
        smoothed = 0.9 * duel.astype(float) + 0.05  # so that the maximum is finite

        def loss(r: Any, smoothed: Any = smoothed) -> float:
            return float((smoothed * np.logaddexp(0, r[None, :] - r[:, None])).sum() + 1e-9 * (r**2).sum())

        best = optimize.minimize(loss, np.zeros(size), method="BFGS", options={"gtol": 1e-9}).x
        ours = bradley_terry_rewards(smoothed, rounds=1000)
        assert np.allclose(best - best.mean(), ours - ours.mean(), atol=1e-4)
        borda = [sum(duel[i]) for i in range(size)]
        for i in range(size):
            for j in range(size):
                if borda[i] > borda[j]:
                    assert ours[i] > ours[j]
                if borda[i] == borda[j]:
                    assert abs(ours[i] - ours[j]) < 1e-6


def test_the_maximal_lottery_is_beaten_by_nobody() -> None:
    """Preferences sheet B(b): pi'(P - P') >= v with v = 0, the value of the symmetric game; and Borda's largest sum."""
    for votes in profiles(60):
        duel = duels(votes)
        margins = (duel - duel.T).astype(float)
        policy = maximal_lottery(duel)
        assert abs(policy.sum() - 1) < 1e-12 and (policy >= 0).all()
        assert min(sum(policy[i] * margins[i][j] for i in range(len(policy))) for j in range(len(policy))) > -1e-9
