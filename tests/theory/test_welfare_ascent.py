"""Ascents of the welfare: their steps, their rate, and their lanes."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import ceil, sqrt
from typing import Any

import numpy as np
import pytest
from palaestra.theory.games import NormalFormGame, PolymatrixGame
from palaestra.theory.games.deviation import agent_normal_form_gain, base_deviation_gain
from palaestra.theory.games.random_games import sparse_polymatrix
from palaestra.theory.games.sete import sete_contract
from palaestra.theory.games.welfare_ascent import welfare_ascent
from palaestra.theory.games.welfare_optimum import welfare_optimum


def complete_polymatrix(rng: np.random.Generator, lanes: int, players: int, actions: int) -> Any:
    edges = np.array(list(combinations(range(players), 2)))
    return PolymatrixGame(edges, rng.uniform(-1, 1, (lanes, len(edges), 2, actions, actions)), players)


def random_start(rng: np.random.Generator, lanes: int, players: int, actions: int) -> Any:
    return rng.dirichlet(np.ones(actions), (lanes, players))


def hessian(game: Any) -> Any:
    """Of the welfare of one lane, from the edges' matrices."""
    n, count = game.num_players, game.most_actions
    whole = np.zeros((n * count, n * count))
    for (i, j), (own, other) in zip(game.edges, game.blocks[0], strict=True):
        whole[i * count : (i + 1) * count, j * count : (j + 1) * count] += own + other
        whole[j * count : (j + 1) * count, i * count : (i + 1) * count] += (own + other).T
    return whole


def test_projected_ascent_is_monotone_and_keeps_its_rate() -> None:
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


def test_the_number_of_ascent_steps_is_polynomial() -> None:
    """Transfers sheet 1b', polynomial time: at most 2 L (W_max - W_0) / eps^2 steps until the gradient map is eps.

    One step later the profile is 2 sqrt(2) eps-stationary, so that no agent gains more than that from its contract. The
    bound needs no optimum: W_max is at most the sum over edges of the greatest joint payoff. A step takes time in
    proportion to edges x actions^2, so the whole is polynomial in the size of the game and in 1 / eps.
    """
    rng, eps = np.random.default_rng(8), 0.02
    for players in [2, 3, 5, 8, 13, 21, 34, 50]:
        game = sparse_polymatrix(players, 3, min(3 * players, players * (players - 1) // 2), seed=players)
        matrix = hessian(game)
        lipschitz = np.linalg.norm(matrix, 2)
        x = random_start(rng, 1, players, 3)
        highest = sum((own + other).max() for own, other in game.blocks[0])
        most = ceil(2 * lipschitz * (highest - 0.5 * x.ravel() @ matrix @ x.ravel()) / eps**2)
        small = None
        for step in range(1, most + 1):
            before, x = x, welfare_ascent(game, x, tolerance=-1.0, most_steps=1).strategies
            if lipschitz * np.linalg.norm(x - before) <= eps:
                small = step
                break
        assert small is not None, f"{players} players need more than {most} steps"
        gradient = (matrix @ x.ravel()).reshape(players, 3)
        assert (gradient.max(1) - (gradient * x[0]).sum(1)).max() <= 2 * sqrt(2) * eps + 1e-12
        assert agent_normal_form_gain(game, sete_contract(game, x))[0] <= 2 * sqrt(2) * eps + 1e-12


def test_price_messages_with_exact_strategies_are_projected_gradient_ascent() -> None:
    """Transfers sheet 1b', algorithm 2: neighbours' price vectors and own payoffs make the gradient of the welfare."""
    rng = np.random.default_rng(5)
    game = sparse_polymatrix(8, 3, 14, 5)
    x = random_start(rng, 1, 8, 3)
    messages = [list(row) for row in x[0]]
    rate = 1.0 / float(np.linalg.norm(hessian(game), 2))
    for _ in range(40):
        x = welfare_ascent(game, x, tolerance=-1.0, most_steps=1, rate=rate).strategies
        augmented = [np.zeros(3) for _ in range(8)]
        for (i, j), (own, other) in zip(game.edges, game.blocks[0], strict=True):
            augmented[i] = augmented[i] + own @ messages[j] + other @ messages[j]  # own payoff, then j's prices
            augmented[j] = augmented[j] + other.T @ messages[i] + own.T @ messages[i]
        messages = [nearest_on_simplex(np.array(messages[i]) + rate * augmented[i]) for i in range(8)]
        assert np.abs(np.array(messages) - x[0]).max() <= 1e-9


def nearest_on_simplex(point: Any) -> Any:
    """The projection by bisection on the threshold."""
    low, high = point.min() - 1.0, point.max()
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if np.maximum(point - middle, 0).sum() > 1 else (low, middle)
    return np.maximum(point - high, 0)


@pytest.mark.parametrize("rule", ["projected_gradient", "multiplicative_weights"])
def test_a_lane_climbs_alone_as_in_a_batch(rule: Any) -> None:
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


def test_a_hundred_players_get_a_contract() -> None:
    """100 players, 5 actions, 1,000 edges (the time is measured in benchmarks, not here)."""
    game = sparse_polymatrix(100, 5, 1000, seed=4)
    found = welfare_ascent(game, random_start(np.random.default_rng(4), 1, 100, 5))
    assert found.gap[0] <= 1e-10
    contract = sete_contract(game, found.strategies)
    assert agent_normal_form_gain(game, contract)[0] <= 1e-9 < base_deviation_gain(game, contract.profile)[0]


def test_multiplicative_weights_leave_a_vertex_that_is_not_stationary() -> None:
    """Nearly pure is not enough to stop: the vertex must be stationary, or the ascent goes on from where it is."""
    game = NormalFormGame.of([[[0.0, 1.0], [1.0, 3.0]], [[0.0, 1.0], [1.0, 3.0]]])
    start = np.array([[[0.9999, 0.0001], [0.9999, 0.0001]]])
    found = welfare_ascent(game, start, "multiplicative_weights")
    assert found.strategies[0].tolist() == [[0.0, 1.0], [0.0, 1.0]]
    assert found.gap[0] == 0
