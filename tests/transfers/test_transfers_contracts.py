"""Contracts of transfers: the statements of the transfers sheet, section 1c, against code of the tests' own."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from itertools import chain, combinations, product
from typing import Any

import numpy as np
import pytest
from palaestra.theory.games import NormalFormGame, PolymatrixGame
from palaestra.theory.games.best_response_ascent import best_response_ascent
from palaestra.theory.games.deviation import agent_normal_form_gain, augmented_gain, base_deviation_gain
from palaestra.theory.games.sete import sete_contract
from palaestra.theory.games.stationary_point import stationarity_gap
from palaestra.theory.games.strategies import pure_strategies
from palaestra.theory.games.transfer_contract import TransferContract
from palaestra.theory.games.welfare_ascent import welfare_ascent
from palaestra.theory.games.welfare_optimum import welfare_optimum


def complete_polymatrix(rng: np.random.Generator, lanes: int, players: int, actions: int) -> Any:
    edges = np.array(list(combinations(range(players), 2)))
    return PolymatrixGame(edges, rng.uniform(-1, 1, (lanes, len(edges), 2, actions, actions)), players)


def random_start(rng: np.random.Generator, lanes: int, players: int, actions: int) -> Any:
    return rng.dirichlet(np.ones(actions), (lanes, players))


def families() -> Any:
    """220 random polymatrix games of 2 to 6 players with 2 to 4 actions, and a start in each."""
    rng = np.random.default_rng(20260620)
    for players, actions, lanes in [(2, 2, 30), (2, 4, 25), (3, 3, 40), (4, 2, 25), (4, 3, 25), (5, 3, 40), (6, 2, 35)]:
        yield complete_polymatrix(rng, lanes, players, actions), random_start(rng, lanes, players, actions)


def subsets(items: Any) -> Any:
    items = list(items)
    return chain.from_iterable(combinations(items, size) for size in range(len(items) + 1))


def expected_payoffs(tensor: Any, strategies: Any) -> Any:
    """u_i(x) for all i by summing over every pure profile, in plain Python; tensor (players, A_1, ..., A_n)."""
    totals = [0] * len(tensor)
    for play in product(*(range(count) for count in tensor.shape[1:])):
        weight = 1
        for i, action in enumerate(play):
            weight = weight * strategies[i][action]
        if weight != 0:
            for i in range(len(tensor)):
                totals[i] += weight * tensor[(i, *play)]
    return totals


def brute_force_gains(tensor: Any, contract: Any) -> Any:
    """(agent normal form, whole game) gains by trying every withheld set with every own pure action, in one lane."""
    x, prices, threats = contract.profile[0], contract.prices[0], contract.threats[0]
    n = len(x)

    def pure(action: Any) -> Any:
        return [int(a == action) for a in range(len(x[0]))]

    def payoff(j: Any, withheld: Any, action: Any) -> Any:
        """What j gets when it withholds from a set and plays `action` (None: its prescribed strategy)."""
        play = [list(row) for row in x]
        for i in withheld:
            play[i] = pure(threats[i])
        if action is not None:
            play[j] = pure(action)
        income = sum(prices[k][j][a] * play[j][a] for k in range(n) for a in range(len(play[j])))
        spent = sum(prices[j][i][a] * x[i][a] for i in range(n) if i not in withheld for a in range(len(x[i])))
        return expected_payoffs(tensor, play)[j] + income - spent

    agents, whole = [], []
    for j in range(n):
        now = payoff(j, (), None)
        payees = [i for i in range(n) if i != j and sum(prices[j][i][a] * x[i][a] for a in range(len(x[i]))) > 0]
        own = [None, *range(tensor.shape[1 + j])]
        agents += [payoff(j, (), action) - now for action in own]
        agents += [payoff(j, withheld, None) - now for withheld in subsets(payees)]
        whole += [payoff(j, withheld, action) - now for withheld in subsets(payees) for action in own]
    return max(agents), max(whole)


@pytest.mark.parametrize("method", ["projected_gradient", "multiplicative_weights", "best_response"])
def test_every_stationary_point_found_is_sustained_by_transfers(method: Any) -> None:
    """Transfers sheet 1a, 1c: polymatrix games of 2-6 players, agent-normal-form gain at most 1e-9."""
    total, unstable_without = 0, 0
    for game, start in families():
        if method == "best_response":
            found = best_response_ascent(game, start)
        else:
            found = welfare_ascent(game, start, method, most_steps=4000)
        reached = np.flatnonzero(found.gap <= 1e-9)  # multiplicative weights may be still on their way
        assert stationarity_gap(game, found.strategies)[reached].max() <= 1e-9
        contract = sete_contract(game, found.strategies)
        assert agent_normal_form_gain(game, contract)[reached].max() <= 1e-9
        if method == "best_response":  # pure, so "paid only if the recipient does not deviate" (1a)
            assert not (contract.prices * (1 - contract.profile[:, None])).any()
        for lane in reached[:2]:
            alone = TransferContract(
                contract.profile[lane][None], contract.prices[lane][None], contract.threats[lane][None]
            )
            agents, _ = brute_force_gains(game.lane(lane).normal_form().payoffs[0], alone)
            assert agents <= 1e-9
        total += len(reached)
        unstable_without += int((base_deviation_gain(game, found.strategies)[reached] > 1e-9).sum())
    assert total >= 200
    # 1c measured 67% on its own mixture of sizes.
    assert 0.5 <= unstable_without / total <= 0.85


def rational_polymatrix(rng: np.random.Generator, lanes: int, players: int, actions: int) -> Any:
    edges = np.array(list(combinations(range(players), 2)))
    integers = rng.integers(-12, 13, (lanes, len(edges), 2, actions, actions))
    blocks = np.array([Fraction(int(value), 7) for value in integers.ravel()], object).reshape(integers.shape)
    return PolymatrixGame(edges, blocks, players)


def test_enumerated_social_optima_of_rational_games_are_sustained_exactly() -> None:
    """Transfers sheet 1c: exact arithmetic, agent-normal-form gain at most 0; 46% are no equilibrium without."""
    rng = np.random.default_rng(7)
    total, unstable_without = 0, 0
    for players, actions, lanes in [(2, 3, 60), (3, 2, 60), (4, 2, 50), (5, 2, 30)]:
        game = rational_polymatrix(rng, lanes, players, actions)
        optimum = welfare_optimum(game)
        contract = sete_contract(game, pure_strategies(optimum.profile, actions, object))
        gains = agent_normal_form_gain(game, contract)
        assert all(isinstance(gain, (int, Fraction)) for gain in gains)
        assert all(gain <= 0 for gain in gains)
        assert (
            brute_force_gains(
                game.lane(0).normal_form().payoffs[0],
                TransferContract(contract.profile[:1], contract.prices[:1], contract.threats[:1]),
            )[0]
            == 0
        )
        total += lanes
        unstable_without += sum(gain > 0 for gain in base_deviation_gain(game, contract.profile))
    assert total == 200
    assert 0.3 <= unstable_without / total <= 0.65


def test_no_agent_gains_more_than_the_stationarity_gap() -> None:
    """Transfers sheet 1b: with eps-stationarity every deviation gain in the agent normal form is at most eps."""
    for game, start in families():
        slack = stationarity_gap(game, start) - agent_normal_form_gain(game, sete_contract(game, start))
        assert slack.min() >= -1e-12
        assert stationarity_gap(game, start).min() > 0.01  # so the statement is not about stationary points


@pytest.mark.parametrize("players", [2, 3, 4])
def test_gains_are_those_of_all_withheld_sets_and_plays(players: int) -> None:
    """The checker against brute force, for random profiles, prices and threats: polymatrix and normal form alike."""
    rng, actions = np.random.default_rng(players), 2 if players == 4 else 3
    for _ in range(8):
        game = complete_polymatrix(rng, 1, players, actions)
        other = NormalFormGame(rng.uniform(-1, 1, (1, players, *(actions,) * players)))
        prices = rng.uniform(0, 0.5, (1, players, players, actions)) * (rng.random((1, players, players, 1)) < 0.6)
        prices = prices * ~np.eye(players, dtype=bool)[:, :, None]
        contract = TransferContract(
            random_start(rng, 1, players, actions), prices, rng.integers(0, actions, (1, players))
        )
        for base, tensor in [(game, game.normal_form().payoffs[0]), (other, other.payoffs[0])]:
            agents, whole = brute_force_gains(tensor, contract)
            assert agent_normal_form_gain(base, contract)[0] == pytest.approx(max(agents, 0), abs=1e-12)
            assert augmented_gain(base, contract)[0] == pytest.approx(max(whole, 0), abs=1e-12)


def test_a_mixed_saddle_is_sustained_by_action_contingent_transfers() -> None:
    """Transfers sheet 1c: u1 + u2 = I, x = (1/2, 1/2), exactly; every game needs transfers."""
    rng, lanes = np.random.default_rng(3), 200
    first = np.array([Fraction(int(v), 100) for v in rng.integers(-100, 101, lanes * 4)], object).reshape(lanes, 2, 2)
    second = np.array([[Fraction(1), Fraction(0)], [Fraction(0), Fraction(1)]], object) - first
    game = PolymatrixGame(np.array([[0, 1]]), np.stack([first, second], 1)[:, None], 2)
    half = np.full((lanes, 2, 2), Fraction(1, 2), object)
    assert all(gap == 0 for gap in stationarity_gap(game, half))
    contract = sete_contract(game, half)
    assert all(gain == 0 for gain in agent_normal_form_gain(game, contract))
    assert np.mean([gain > 0 for gain in base_deviation_gain(game, half)]) > 0.97  # all but ties of the rationals
    # The Pigouvian variant of 1b: prices e - min e leave every recipient indifferent between all its actions.
    for lane in range(lanes):
        for own, paid in ((first[lane], second[lane]), (second[lane].T, first[lane].T)):
            worth = [sum(own[a]) / 2 + sum(paid[a]) / 2 - min(sum(paid[b]) / 2 for b in range(2)) for a in range(2)]
            assert worth[0] == worth[1]


def test_checkers_do_not_import_what_they_check() -> None:
    """Design, promise 3: a claim is checked by code that does not import the solver that made it."""
    code = (
        "import sys; from palaestra.metrics.transfers import deviation_gain\n"
        "makers = ('palaestra.agents', 'palaestra.theory.games.sete', 'palaestra.theory.games.welfare_ascent')\n"
        "print([module for module in sys.modules if module.startswith(makers)])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
