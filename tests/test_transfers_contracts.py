"""Contracts of transfers: the statements of the transfers sheet, section 1c, against code of the tests' own."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from itertools import chain, combinations, pairwise, product

import numpy as np
import pytest
from palaestra.core.games import NormalFormGame, PolymatrixGame
from palaestra.core.games.best_response_ascent import best_response_ascent
from palaestra.core.games.classics import CLASSICS, symmetric
from palaestra.core.games.deviation import agent_normal_form_gain, augmented_gain, base_deviation_gain
from palaestra.core.games.random_games import sparse_polymatrix
from palaestra.core.games.sete import sete_contract
from palaestra.core.games.stationary_point import stationarity_gap
from palaestra.core.games.strategies import pure_strategies
from palaestra.core.games.transfer_contract import TransferContract
from palaestra.core.games.welfare_ascent import welfare_ascent
from palaestra.core.games.welfare_optimum import welfare_optimum
from scipy.optimize import linprog


def complete_polymatrix(rng, lanes, players, actions):
    edges = np.array(list(combinations(range(players), 2)))
    return PolymatrixGame(edges, rng.uniform(-1, 1, (lanes, len(edges), 2, actions, actions)), players)


def random_start(rng, lanes, players, actions):
    return rng.dirichlet(np.ones(actions), (lanes, players))


def families():
    """220 random polymatrix games of 2 to 6 players with 2 to 4 actions, and a start in each."""
    rng = np.random.default_rng(20260620)
    for players, actions, lanes in [(2, 2, 30), (2, 4, 25), (3, 3, 40), (4, 2, 25), (4, 3, 25), (5, 3, 40), (6, 2, 35)]:
        yield complete_polymatrix(rng, lanes, players, actions), random_start(rng, lanes, players, actions)


def subsets(items):
    items = list(items)
    return chain.from_iterable(combinations(items, size) for size in range(len(items) + 1))


def expected_payoffs(tensor, strategies):
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


def brute_force_gains(tensor, contract):
    """(agent normal form, whole game) gains by trying every withheld set with every own pure action, in one lane."""
    x, prices, threats = contract.profile[0], contract.prices[0], contract.threats[0]
    n = len(x)

    def pure(action):
        return [int(a == action) for a in range(len(x[0]))]

    def payoff(j, withheld, action):
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
def test_every_stationary_point_found_is_sustained_by_transfers(method):
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


def rational_polymatrix(rng, lanes, players, actions):
    edges = np.array(list(combinations(range(players), 2)))
    integers = rng.integers(-12, 13, (lanes, len(edges), 2, actions, actions))
    blocks = np.array([Fraction(int(value), 7) for value in integers.ravel()], object).reshape(integers.shape)
    return PolymatrixGame(edges, blocks, players)


def test_enumerated_social_optima_of_rational_games_are_sustained_exactly():
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


def test_no_agent_gains_more_than_the_stationarity_gap():
    """Transfers sheet 1b: with eps-stationarity every deviation gain in the agent normal form is at most eps."""
    for game, start in families():
        slack = stationarity_gap(game, start) - agent_normal_form_gain(game, sete_contract(game, start))
        assert slack.min() >= -1e-12
        assert stationarity_gap(game, start).min() > 0.01  # so the statement is not about stationary points


@pytest.mark.parametrize("players", [2, 3, 4])
def test_gains_are_those_of_all_withheld_sets_and_plays(players):
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


def test_a_mixed_saddle_is_sustained_by_action_contingent_transfers():
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


def hessian(game):
    """Of the welfare of one lane, from the edges' matrices."""
    n, count = game.num_players, game.most_actions
    whole = np.zeros((n * count, n * count))
    for (i, j), (own, other) in zip(game.edges, game.blocks[0], strict=True):
        whole[i * count : (i + 1) * count, j * count : (j + 1) * count] += own + other
        whole[j * count : (j + 1) * count, i * count : (i + 1) * count] += (own + other).T
    return whole


def test_projected_ascent_is_monotone_and_keeps_its_rate():
    """Transfers sheet 1c: eta = 1/L raises W in each step, and min |G|^2 <= 2 L (W_max - W_0) / T."""
    rng = np.random.default_rng(11)
    for players, actions in [(2, 3), (3, 3), (5, 2), (6, 4)]:
        game, steps = complete_polymatrix(rng, 1, players, actions), 60
        matrix = hessian(game)
        lipschitz = np.linalg.norm(matrix, 2)
        path = [random_start(rng, 1, players, actions)]
        for _ in range(steps):
            path.append(welfare_ascent(game, path[-1], tolerance=-1.0, most_steps=1).strategies)
        flat = [x.ravel() for x in path]
        welfare = [0.5 * x @ matrix @ x for x in flat]
        assert np.diff(welfare).min() >= -1e-12
        # The step is the one with eta = 1/L: it minimises the distance to x + dW / L over the simplices.
        for before, after in pairwise(flat):
            target = (before + matrix @ before / lipschitz).reshape(players, actions)
            residual = target - after.reshape(players, actions)
            support = after.reshape(players, actions) > 1e-9
            level = residual.max(-1, keepdims=True)
            assert np.abs((residual - level)[support]).max() <= 1e-9
        maps = [lipschitz**2 * ((b - a) ** 2).sum() for a, b in pairwise(flat)]
        highest = welfare_optimum(game).value[0]
        for count in range(1, steps + 1):
            assert min(maps[:count]) <= 2 * lipschitz * (highest - welfare[0]) / count + 1e-12


def test_price_messages_with_exact_strategies_are_projected_gradient_ascent():
    """Transfers sheet 1b', algorithm 2: neighbours' price vectors and own payoffs make the gradient of the welfare."""
    rng = np.random.default_rng(5)
    game = sparse_polymatrix(8, 3, 14, 5)
    x = random_start(rng, 1, 8, 3)
    messages = [list(row) for row in x[0]]
    rate = 1.0 / np.linalg.norm(hessian(game), 2)
    for _ in range(40):
        x = welfare_ascent(game, x, tolerance=-1.0, most_steps=1, rate=rate).strategies
        augmented = [np.zeros(3) for _ in range(8)]
        for (i, j), (own, other) in zip(game.edges, game.blocks[0], strict=True):
            augmented[i] = augmented[i] + own @ messages[j] + other @ messages[j]  # own payoff, then j's prices
            augmented[j] = augmented[j] + other.T @ messages[i] + own.T @ messages[i]
        messages = [nearest_on_simplex(np.array(messages[i]) + rate * augmented[i]) for i in range(8)]
        assert np.abs(np.array(messages) - x[0]).max() <= 1e-9


def nearest_on_simplex(point):
    """The projection by bisection on the threshold."""
    low, high = point.min() - 1.0, point.max()
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if np.maximum(point - middle, 0).sum() > 1 else (low, middle)
    return np.maximum(point - high, 0)


@pytest.mark.parametrize("worth", [2, 10, 1000])
def test_the_dilemmas_inefficiency_is_unbounded_and_transfers_of_one_mend_it(worth):
    """Transfers sheet 1c: R = M, S = 0, T = M + 1, P = 1; each pays the other 1 if and only if it cooperates."""
    rows = [[Fraction(worth), Fraction(0)], [Fraction(worth + 1), Fraction(1)]]
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


def pure(play, actions=2):
    return pure_strategies(np.array([play]), actions, object)


def test_a_sete_need_not_be_an_equilibrium_of_the_whole_game():
    """Transfers sheet 1c: player 2 withholds and plays R against D, 2.9 > 2; no reaction can hold it below 2.583."""
    payoffs = [[[0, 0], [1, -1]], [["3", "2.5"], ["1", "2.9"]]]
    game = NormalFormGame.of(np.array([[[Fraction(v) for v in row] for row in table] for table in payoffs], object))
    assert tuple(welfare_optimum(game).profile[0]) == (0, 0)
    contract = sete_contract(game, pure((0, 0)))
    assert contract.transfers[0].tolist() == [[0, 0], [1, 0]]
    assert agent_normal_form_gain(game, contract)[0] == 0
    assert augmented_gain(game, contract)[0] == Fraction("2.9") - 2
    # min over reactions y of player 1 of max over columns of u_2(y, column): variables y_C, y_D, v.
    table = np.array([[3.0, 2.5], [1.0, 2.9]])
    result = linprog(
        [0, 0, 1],
        A_ub=np.column_stack([table.T, [-1, -1]]),
        b_ub=[0, 0],
        A_eq=[[1, 1, 0]],
        b_eq=[1],
        bounds=[(0, 1), (0, 1), (None, None)],
    )
    assert result.fun == pytest.approx(2.583, abs=1e-3) and result.fun > 2
    assert np.allclose(CLASSICS["withholding"].game.payoffs[0].astype(float), game.payoffs[0].astype(float))


def test_most_random_two_by_two_setes_are_equilibria_of_the_whole_game():
    """Transfers sheet 1c: 73.9% of random 2x2 games whose optimum is no equilibrium."""
    rng, lanes = np.random.default_rng(1), 4000
    game = NormalFormGame(rng.uniform(-1, 1, (lanes, 2, 2, 2)))
    contract = sete_contract(game, pure_strategies(welfare_optimum(game).profile, 2))
    needed = base_deviation_gain(game, contract.profile) > 1e-12
    assert 0.25 <= needed.mean() <= 0.55
    assert 0.70 <= (augmented_gain(game, contract)[needed] <= 1e-12).mean() <= 0.78


def some_contract_exists(tensor, play):
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


def test_a_game_that_is_not_polymatrix_may_have_no_sete():
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


def test_a_hundred_players_get_a_contract():
    """Issue: 100 players, 5 actions, 1,000 edges (the time is measured in benchmarks, not here)."""
    game = sparse_polymatrix(100, 5, 1000, seed=4)
    found = welfare_ascent(game, random_start(np.random.default_rng(4), 1, 100, 5))
    assert found.gap[0] <= 1e-10
    contract = sete_contract(game, found.strategies)
    assert agent_normal_form_gain(game, contract)[0] <= 1e-9 < base_deviation_gain(game, contract.profile)[0]


@pytest.mark.parametrize("rule", ["projected_gradient", "multiplicative_weights"])
def test_a_lane_climbs_alone_as_in_a_batch(rule):
    """Design, promise 2, to the bit."""
    rng = np.random.default_rng(8)
    for game in (complete_polymatrix(rng, 33, 4, 3), NormalFormGame(rng.uniform(-1, 1, (33, 3, 3, 2, 4)))):
        start = np.zeros((33, game.num_players, game.most_actions))
        for i, count in enumerate(game.num_actions):
            start[:, i, :count] = rng.dirichlet(np.ones(count), 33)
        whole = welfare_ascent(game, start, rule, most_steps=300)
        contract = sete_contract(game, whole.strategies)
        for lane in (0, 17, 32):
            alone = welfare_ascent(game.lane(lane), start[lane][None], rule, most_steps=300)
            assert np.array_equal(alone.strategies[0], whole.strategies[lane])
            assert alone.steps[0] == whole.steps[lane] and alone.gap[0] == whole.gap[lane]
            assert np.array_equal(sete_contract(game.lane(lane), alone.strategies).prices[0], contract.prices[lane])


def test_checkers_do_not_import_what_they_check():
    """Design, promise 3: a claim is checked by code that does not import the solver that made it."""
    code = (
        "import sys; from palaestra.metrics import agent_normal_form_gain, augmented_gain, base_deviation_gain\n"
        "makers = ('palaestra.agents', 'palaestra.core.games.sete', 'palaestra.core.games.welfare_ascent')\n"
        "print([module for module in sys.modules if module.startswith(makers)])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
