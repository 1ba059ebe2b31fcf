"""The greatest welfare: enumeration and MILP against brute force, dynamic programming and each other."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from palaestra.core.errors import PalaestraError
from palaestra.theory.games import NormalFormGame, PolymatrixGame
from palaestra.theory.games.random_games import sparse_polymatrix
from palaestra.theory.games.welfare_optimum import enumerable, welfare_optimum
from palaestra.theory.games.welfare_program import welfare_bound


def complete_polymatrix(rng: np.random.Generator, lanes: int, players: int, actions: int) -> Any:
    edges = np.array(list(combinations(range(players), 2)))
    return PolymatrixGame(edges, rng.uniform(-1, 1, (lanes, len(edges), 2, actions, actions)), players)


def welfare_of(game: Any, lane: int, play: Any) -> Any:
    """Added up edge by edge, or read from the tensor."""
    if isinstance(game, PolymatrixGame):
        edges = zip(game.edges.tolist(), game.blocks[lane], strict=True)
        return sum(block[end, play[i], play[j]] for (i, j), block in edges for end in range(2))
    return sum(game.payoffs[(lane, i, *play)] for i in range(game.num_players))


def test_enumeration_finds_the_best_profile_of_every_lane() -> None:
    rng = np.random.default_rng(0)
    for game in (complete_polymatrix(rng, 7, 4, 3), NormalFormGame(rng.uniform(-1, 1, (7, 3, 2, 4, 3)))):
        found = welfare_optimum(game)
        assert found.method == "enumeration" and found.exact.all()
        for lane in range(7):
            best = max(game.profiles(), key=lambda play, lane=lane, game=game: welfare_of(game, lane, play))
            assert tuple(found.profile[lane]) == best
            assert found.value[lane] == pytest.approx(welfare_of(game, lane, best), abs=1e-12)
            assert found.bound[lane] == found.value[lane]


def test_enumeration_of_rational_games_is_exact() -> None:
    third = Fraction(1, 3)
    payoffs = np.array([[[third, 2 * third], [0, 1]], [[third, third], [third, 0]]], object)
    found = welfare_optimum(NormalFormGame.of(payoffs))
    assert found.value[0] == 1 and isinstance(found.value[0], Fraction)
    assert tuple(found.profile[0]) == (0, 1)  # the first of two with welfare 1


def test_the_integer_program_agrees_with_enumeration() -> None:
    rng = np.random.default_rng(1)
    for players, actions in [(3, 4), (5, 3), (7, 2)]:
        game = complete_polymatrix(rng, 4, players, actions)
        enumerated, solved = welfare_optimum(game, "enumeration"), welfare_optimum(game, "milp")
        assert solved.method == "milp" and solved.exact.all()
        assert np.array_equal(solved.profile, enumerated.profile)
        assert solved.value == pytest.approx(enumerated.value, abs=1e-9)
        assert (solved.bound >= enumerated.value - 1e-12).all()


def test_a_chain_too_long_to_enumerate_is_solved_exactly() -> None:
    """Against dynamic programming along the chain (Viterbi), in integers."""
    players, actions = 40, 4
    blocks = np.random.default_rng(2).integers(-9, 10, (1, players - 1, 2, actions, actions)).astype(float)
    edges = np.array([(i, i + 1) for i in range(players - 1)])
    game = PolymatrixGame(edges, blocks, players)
    found = welfare_optimum(game)
    best = np.zeros(actions)
    for block in blocks[0].sum(1):
        best = (best[:, None] + block).max(0)
    assert not enumerable(game) and found.method == "milp" and found.exact[0]
    assert found.value[0] == best.max()


def test_a_bound_holds_when_the_nodes_run_out() -> None:
    game = sparse_polymatrix(16, 4, 60, seed=0)
    found = welfare_optimum(game, node_limit=1)
    assert found.method == "milp" and found.bound[0] >= found.value[0]
    assert not found.exact[0]
    both = game.blocks[0].sum(1)
    assert found.bound[0] < both.max((1, 2)).sum()  # better than the best of every edge on its own
    rng = np.random.default_rng(0)
    for play in rng.integers(0, 4, (200, 16)):
        assert welfare_of(game, 0, play) <= found.bound[0]
    assert found.value[0] == pytest.approx(welfare_of(game, 0, found.profile[0]), abs=1e-9)


def test_what_cannot_be_solved_is_refused_with_the_way_out() -> None:
    fractions = PolymatrixGame(np.array([[0, 1]]), np.full((1, 1, 2, 2, 2), Fraction(1), object), 2)
    with pytest.raises(PalaestraError, match="enumeration"):
        welfare_optimum(fractions, "milp")
    with pytest.raises(PalaestraError, match="'auto', 'enumeration' or 'milp'"):
        welfare_optimum(fractions, "guess")  # type: ignore[arg-type]


def test_every_profile_of_small_games_is_at_most_the_optimum() -> None:
    game = complete_polymatrix(np.random.default_rng(3), 1, 5, 2)
    value = welfare_optimum(game, "milp").value[0]
    assert all(welfare_of(game, 0, play) <= value + 1e-12 for play in product(range(2), repeat=5))


def test_any_messages_give_a_bound_and_the_checked_one_is_exact_arithmetic() -> None:
    """Design, promise 3: the certificate is recomputed in fractions, and no solver is believed."""
    rng = np.random.default_rng(4)
    game = complete_polymatrix(rng, 5, 5, 3)
    solved, best = welfare_optimum(game, "milp"), welfare_optimum(game, "enumeration").value
    assert solved.messages is not None
    rational = np.vectorize(Fraction, otypes=[object])
    exact = PolymatrixGame(game.edges, rational(game.blocks), game.num_players)
    bounds = welfare_bound(exact, rational(solved.messages))
    optima = welfare_optimum(exact, "enumeration").value
    assert all(isinstance(bound, Fraction) and bound >= optimum for bound, optimum in zip(bounds, optima, strict=True))
    assert solved.certified == pytest.approx(bounds.astype(float), abs=1e-9)
    without = welfare_bound(game, np.zeros_like(solved.messages))
    assert (solved.certified < without).all()  # the duals do better than every edge on its own
    for _ in range(20):
        assert (welfare_bound(game, rng.normal(size=solved.messages.shape)) >= best).all()


def test_on_trees_the_certificate_is_the_optimum() -> None:
    """The local polytope of a tree is integral, so the bound that takes no belief is attained."""
    edges = np.array([(0, 1), (0, 2), (1, 3), (1, 4), (2, 5)])
    game = PolymatrixGame(edges, np.random.default_rng(5).uniform(-1, 1, (6, 5, 2, 3, 3)), 6)
    assert welfare_optimum(game, "milp").certified == pytest.approx(welfare_optimum(game).value, abs=1e-9)
