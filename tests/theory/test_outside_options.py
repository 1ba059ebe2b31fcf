"""Outside options of M-SETE: min-max values, equilibria and matrix games, by independent programs and brute force."""

from typing import Any

import numpy as np
import pytest
from palaestra.theory.games import NormalFormGame
from palaestra.theory.games.classics import CLASSICS
from palaestra.theory.games.independent_min_max import independent_min_max
from palaestra.theory.games.matrix_game import punishing_mixture
from palaestra.theory.games.min_max import correlated_min_max
from palaestra.theory.games.nash import nash_equilibrium
from scipy.optimize import linprog


def games(count: Any, shape: Any, seed: Any = 0) -> Any:
    rng = np.random.default_rng(seed)
    return [NormalFormGame.of(rng.uniform(-1, 1, shape)) for _ in range(count)]


def test_outside_options_never_add_up_to_more_than_the_greatest_welfare() -> None:
    """Sheet 1b: sum minmax_i <= sum u_i(NE) = W(NE) <= W*; and independent punishments are no harsher than joint."""
    for shape in ((3, 3, 3, 3), (3, 2, 3, 2), (2, 3, 3)):
        for game in games(6, shape):
            correlated, independent = correlated_min_max(game).values, independent_min_max(game).values
            at_equilibrium = game.expected(nash_equilibrium(game).strategies[None])[0]
            assert (correlated <= independent + 1e-9).all()
            assert (independent <= at_equilibrium + 1e-9).all()
            assert correlated.sum() <= at_equilibrium.sum() + 1e-9
            assert at_equilibrium.sum() <= game.payoffs[0].sum(0).max() + 1e-9


def security_value(game: Any, player: Any) -> Any:
    """What a player can secure by mixing against the worst joint action of the others: the rejector's own program."""
    own = np.moveaxis(game.payoffs[0, player], player, 0).reshape(game.num_actions[player], -1)
    rows, columns = own.shape
    result: Any = linprog(
        np.append(np.zeros(rows), -1.0),
        A_ub=np.hstack([-own.T, np.ones((columns, 1))]),
        b_ub=np.zeros(columns),
        A_eq=np.append(np.ones(rows), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, 1)] * rows + [(None, None)],
    )
    return -result.fun


def test_correlated_min_max_is_what_the_rejector_can_secure() -> None:
    """The minimax theorem: the value of the punishers' program equals that of the rejector's."""
    for shape in ((3, 3, 3, 3), (2, 4, 3), (3, 1, 2, 4)):
        for game in games(15, shape, seed=1):
            values = correlated_min_max(game).values
            assert values == pytest.approx([security_value(game, i) for i in range(game.num_players)], abs=1e-8)


@pytest.mark.parametrize("simplex_gives_up", [False, True])
def test_matrix_games_are_solved_as_a_general_solver_does(simplex_gives_up: bool, monkeypatch: Any) -> None:
    """On random matrices, many degenerate: the value of the rejector's own linear program, to 1e-8 of the span."""
    if simplex_gives_up:
        monkeypatch.setattr("palaestra.theory.games.matrix_game._simplex", lambda matrix: None)
    rng = np.random.default_rng(7)
    for trial in range(120):
        shape = tuple(rng.integers(1, 8, 2))
        kinds = (rng.uniform(-1, 1, shape), rng.integers(-2, 3, shape) * 1e4, rng.integers(0, 2, shape) * 1e-2)
        matrix = kinds[trial % 3]
        mixture = punishing_mixture(np.asarray(matrix, float))
        assert (mixture >= 0).all() and mixture.sum() == pytest.approx(1, abs=1e-12)
        game = NormalFormGame.of([matrix, np.zeros(shape)])
        assert (matrix @ mixture).max() == pytest.approx(security_value(game, 0), abs=1e-8 * max(1, np.ptp(matrix)))


def test_joint_punishments_can_be_strictly_harsher_than_independent_ones() -> None:
    """The others of player 0 match or not: jointly they hold it to 0.5, independently to 0.75 at best."""
    rejector = np.zeros((2, 2, 2))
    rejector[0], rejector[1] = [[0, 1], [1, 1]], [[1, 1], [1, 0]]
    game = NormalFormGame.of([rejector, np.zeros((2, 2, 2)), np.zeros((2, 2, 2))])
    assert correlated_min_max(game).values[0] == pytest.approx(0.5, abs=1e-12)
    grid = np.linspace(0, 1, 201)
    p, q = np.meshgrid(grid, grid)
    true = np.maximum(1 - p * q, 1 - (1 - p) * (1 - q)).min()
    assert true == pytest.approx(0.75)
    assert independent_min_max(game).values[0] == pytest.approx(true, abs=1e-9)


def test_an_equilibrium_is_one_by_the_gap_of_brute_force() -> None:
    named = [CLASSICS[name].game for name in sorted(CLASSICS)]
    for game in named + games(15, (3, 3, 3, 3), 2) + games(15, (2, 4, 3), 3) + games(8, (4, 2, 2, 2, 2), 4):
        found = nash_equilibrium(game)
        assert np.allclose(found.strategies.sum(-1), 1, atol=1e-12) and (found.strategies >= 0).all()
        payoffs, n = game.payoffs[0], game.num_players
        for i in range(n):
            worth = np.zeros(game.num_actions[i])
            for profile in game.profiles():
                chance = np.prod([found.strategies[j, profile[j]] for j in range(n) if j != i])
                worth[profile[i]] += chance * payoffs[(i, *profile)]
            gain = worth.max() - worth @ found.strategies[i, : len(worth)]
            assert gain <= found.gap + 1e-12 and found.gap <= 1e-9


def test_without_supports_to_try_the_gap_says_how_far_from_equilibrium_the_answer_is() -> None:
    game = CLASSICS["shapley"].game
    found = nash_equilibrium(game, most_supports=0)
    assert found.method == "regret matching"
    values = game.action_values(found.strategies[None])[0]
    true = max(float(values[i].max() - values[i] @ found.strategies[i]) for i in range(2))
    assert found.gap == pytest.approx(true, abs=1e-12)
