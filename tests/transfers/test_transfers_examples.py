"""Small games of the transfers sheet, section 1c: where transfers mend, and where they cannot."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, combinations, product
from typing import Any

import numpy as np
import pytest
from palaestra.theory.games import NormalFormGame, PolymatrixGame
from palaestra.theory.games.classics import CLASSICS, symmetric
from palaestra.theory.games.deviation import agent_normal_form_gain, augmented_gain, base_deviation_gain
from palaestra.theory.games.sete import sete_contract
from palaestra.theory.games.strategies import pure_strategies
from palaestra.theory.games.welfare_optimum import welfare_optimum
from scipy.optimize import linprog


def complete_polymatrix(rng: np.random.Generator, lanes: int, players: int, actions: int) -> Any:
    edges = np.array(list(combinations(range(players), 2)))
    return PolymatrixGame(edges, rng.uniform(-1, 1, (lanes, len(edges), 2, actions, actions)), players)


def pure(play: Any, actions: int = 2) -> Any:
    return pure_strategies(np.array([play]), actions, object)


@pytest.mark.parametrize("worth", [2, 10, 1000])
def test_the_dilemmas_inefficiency_is_unbounded_and_transfers_of_one_mend_it(worth: int) -> None:
    """Transfers sheet 1c: R = M, S = 0, T = M + 1, P = 1; each pays the other 1 if and only if it cooperates."""
    rows: Any = [[Fraction(worth), Fraction(0)], [Fraction(worth + 1), Fraction(1)]]
    game = NormalFormGame.of(np.array(symmetric(rows), object))
    optimum = welfare_optimum(game)
    assert optimum.value[0] == 2 * worth and tuple(optimum.profile[0]) == (0, 0)
    equilibria = [p for p in product(range(2), repeat=2) if base_deviation_gain(game, pure(p))[0] <= 0]
    assert equilibria == [(1, 1)]
    assert optimum.value[0] / sum(game.payoffs[0, :, 1, 1]) == worth
    contract = sete_contract(game, pure((0, 0)))
    assert contract.prices[0].tolist() == [[[0, 0], [1, 0]], [[1, 0], [0, 0]]]
    assert agent_normal_form_gain(game, contract)[0] == 0
    assert augmented_gain(game, contract)[0] == 0


def test_a_sete_need_not_be_an_equilibrium_of_the_whole_game() -> None:
    """Transfers sheet 1c: player 2 withholds and plays R against D, 2.9 > 2; no reaction can hold it below 2.583."""
    payoffs: Any = [[[0, 0], [1, -1]], [["3", "2.5"], ["1", "2.9"]]]
    game = NormalFormGame.of(np.array([[[Fraction(v) for v in row] for row in table] for table in payoffs], object))
    assert tuple(welfare_optimum(game).profile[0]) == (0, 0)
    contract = sete_contract(game, pure((0, 0)))
    assert contract.transfers[0].tolist() == [[0, 0], [1, 0]]
    assert agent_normal_form_gain(game, contract)[0] == 0
    assert augmented_gain(game, contract)[0] == Fraction("2.9") - 2
    # min over reactions y of player 1 of max over columns of u_2(y, column): variables y_C, y_D, v.
    table = np.array([[3.0, 2.5], [1.0, 2.9]])
    result: Any = linprog(
        [0, 0, 1],
        A_ub=np.column_stack([table.T, [-1, -1]]),
        b_ub=[0, 0],
        A_eq=[[1, 1, 0]],
        b_eq=[1],
        bounds=[(0, 1), (0, 1), (None, None)],
    )
    assert result.fun == pytest.approx(2.583, abs=1e-3) and result.fun > 2
    assert np.allclose(CLASSICS["withholding"].game.payoffs[0].astype(float), game.payoffs[0].astype(float))


def test_most_random_two_by_two_setes_are_equilibria_of_the_whole_game() -> None:
    """Transfers sheet 1c: 73.9% of random 2x2 games whose optimum is no equilibrium."""
    rng, lanes = np.random.default_rng(1), 4000
    game = NormalFormGame(rng.uniform(-1, 1, (lanes, 2, 2, 2)))
    contract = sete_contract(game, pure_strategies(welfare_optimum(game).profile, 2))
    needed = base_deviation_gain(game, contract.profile) > 1e-12
    assert 0.25 <= needed.mean() <= 0.55
    assert 0.70 <= (augmented_gain(game, contract)[needed] <= 1e-12).mean() <= 0.78


def subsets(items: Any) -> Any:
    items = list(items)
    return chain.from_iterable(combinations(items, size) for size in range(len(items) + 1))


def some_contract_exists(tensor: Any, play: Any) -> Any:
    """Whether any transfers could hold a pure profile in the agent normal form, whatever the reactions (an LP).

    Variables t_{ji}. Recipients: what i is promised covers its gain from each deviation. Payers: on path j gets at
    least what it is sure of when it withholds from a set S, its own play unchanged: the least over all plays of S.
    """
    n = len(tensor)
    pairs = [(j, i) for j in range(n) for i in range(n) if j != i]
    rows, right = [], []
    for i in range(n):
        for action in range(tensor.shape[1 + i]):
            other = (*play[:i], action, *play[i + 1 :])
            if action != play[i]:
                rows.append([-float(k == i) for _, k in pairs])
                right.append(float(tensor[(i, *play)] - tensor[(i, *other)]))
    for j in range(n):
        for withheld in subsets(i for i in range(n) if i != j):
            plays = product(*(range(tensor.shape[1 + i]) if i in withheld else [play[i]] for i in range(n)))
            sure = min(tensor[(j, *other)] for other in plays)
            rows.append([float(k == j and i in withheld) for k, i in pairs])
            right.append(float(tensor[(j, *play)] - sure))
    result = linprog(np.zeros(len(pairs)), A_ub=rows, b_ub=right, bounds=[(0, None)] * len(pairs))
    assert result.status in (0, 2)
    return result.status == 0


def test_a_game_that_is_not_polymatrix_may_have_no_sete() -> None:
    """Transfers sheet 1c: three players, optimum (C, C) with W = 1; player 0 would have to pay 1.6."""
    game = CLASSICS["not_polymatrix"].game
    optimum = welfare_optimum(game)
    assert optimum.value[0] == 1 and tuple(optimum.profile[0]) == (0, 0, 0)
    assert not some_contract_exists(game.payoffs[0], (0, 0, 0))
    contract = sete_contract(game, pure_strategies(optimum.profile, 2))
    assert contract.transfers[0, 0].sum() == pytest.approx(1.6)
    assert agent_normal_form_gain(game, contract)[0] == pytest.approx(0.6)
    rng = np.random.default_rng(2)
    for _ in range(20):  # the same program finds contracts wherever payoffs are pairwise
        pairwise = complete_polymatrix(rng, 1, 3, 2)
        best = tuple(welfare_optimum(pairwise).profile[0].tolist())
        assert some_contract_exists(pairwise.normal_form().payoffs[0], best)
