"""Games as data: every expectation against brute force over profiles in exact arithmetic."""

from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from palaestra.core.arrays import backend
from palaestra.core.errors import PalaestraError, UnknownName
from palaestra.core.randomness import Draw, lane_keys
from palaestra.theory.games import NormalFormGame, PolymatrixGame
from palaestra.theory.games.classics import CLASSICS
from palaestra.theory.games.random_games import RANDOM_GAMES, sparse_polymatrix
from palaestra.theory.games.read_game import read_game

SHAPES = [(3,), (2, 2), (2, 3), (4, 1, 2), (2, 3, 2, 2)]


def fractions_of(rng: Any, shape: Any, low: Any = -9) -> Any:
    numbers = rng.integers(low, 10, shape)
    exact = np.empty(shape, object)
    for at in np.ndindex(*shape):
        exact[at] = Fraction(int(numbers[at]), int(rng.integers(1, 7)))
    return exact


def drawn(source: Any, seeds: Any, where: Any = None) -> Any:
    """The payoffs that lanes with these seeds draw."""
    where = where or backend()
    return source.draw(Draw(lane_keys(seeds, where), -1, where))


def exact_game(rng: Any, counts: Any) -> Any:
    return NormalFormGame(fractions_of(rng, (1, len(counts), *counts)))


def exact_strategies(rng: Any, counts: Any) -> Any:
    """One mixed profile (1, players, actions) of fractions, padded with zeros."""
    mixed = np.full((1, len(counts), max(counts)), Fraction(0), object)
    for i, count in enumerate(counts):
        weights = [Fraction(int(w)) for w in rng.integers(1, 9, count)]
        mixed[0, i, :count] = [w / sum(weights) for w in weights]
    return mixed


def brute_force_values(payoffs: Any, strategies: Any) -> Any:
    """u_i(a, x_-i) by adding up every profile's probability times its payoff."""
    n, counts = payoffs.shape[0], payoffs.shape[1:]
    values = np.full((n, max(counts)), Fraction(0), object)
    for profile in product(*map(range, counts)):
        for i in range(n):
            chance = prod((strategies[j, profile[j]] for j in range(n) if j != i), start=Fraction(1))
            values[i, profile[i]] += chance * payoffs[(i, *profile)]
    return values


EDGES = ((0, 1), (0, 3), (2, 3))


def exact_polymatrix(rng: Any, players: int = 4, actions: int = 3, edges: Any = EDGES) -> PolymatrixGame:
    return PolymatrixGame(np.array(edges), fractions_of(rng, (1, len(edges), 2, actions, actions)), players)


@pytest.mark.parametrize("counts", SHAPES)
def test_values_of_a_normal_form_equal_brute_force_exactly(counts: Any) -> None:
    rng = np.random.default_rng(sum(counts))
    game, mixed = exact_game(rng, counts), exact_strategies(rng, counts)
    true = brute_force_values(game.payoffs[0], mixed[0])
    assert (game.action_values(mixed)[0] == true).all()
    assert (game.expected(mixed)[0] == (true * mixed[0]).sum(-1)).all()
    shared = np.repeat(game.payoffs[0].sum(0)[None], len(counts), 0)
    assert (game.welfare_gradient(mixed)[0] == brute_force_values(shared, mixed[0])).all()


def test_values_of_a_polymatrix_game_equal_brute_force_exactly() -> None:
    rng = np.random.default_rng(1)
    for _ in range(5):
        game, mixed = exact_polymatrix(rng), exact_strategies(rng, (3, 3, 3, 3))
        payoffs = np.full((4, 3, 3, 3, 3), Fraction(0), object)
        for e, (i, j) in enumerate(game.edges.tolist()):
            for profile in product(range(3), repeat=4):
                payoffs[(i, *profile)] += game.blocks[0, e, 0, profile[i], profile[j]]
                payoffs[(j, *profile)] += game.blocks[0, e, 1, profile[i], profile[j]]
        assert (game.normal_form().payoffs[0] == payoffs).all()
        true = brute_force_values(payoffs, mixed[0])
        assert (game.action_values(mixed)[0] == true).all()
        assert (game.expected(mixed)[0] == (true * mixed[0]).sum(-1)).all()
        shared = np.repeat(payoffs.sum(0)[None], 4, 0)
        # Edges that i is not on add the same to each of its actions; the polymatrix gradient leaves them out.
        left_out = brute_force_values(shared, mixed[0]) - game.welfare_gradient(mixed)[0]
        for i in range(4):
            elsewhere = [game.expected(mixed)[0, j] for j in range(4) if j != i]
            to_i = sum(
                (mixed[0, i] * game.prices(mixed)[0, e, 0 if i == game.edges[e, 0] else 1]).sum()
                for e in range(len(game.edges))
                if i in game.edges[e]
            )
            assert (left_out[i] == sum(elsewhere) - to_i).all()


def test_a_player_without_an_edge_earns_nothing() -> None:
    game = exact_polymatrix(np.random.default_rng(2), players=5)
    assert (game.action_values(exact_strategies(np.random.default_rng(3), (3,) * 5))[0, 4] == 0).all()


def test_prices_are_what_each_action_is_worth_to_the_other_end() -> None:
    """Transfers sheet 1b: e_{ji} = (A^{ji})^T x_j, and dW/dx_i = own_i + sum_j e_{ji}."""
    rng = np.random.default_rng(4)
    game, mixed = exact_polymatrix(rng), exact_strategies(rng, (3, 3, 3, 3))
    prices = game.prices(mixed)[0]
    for e, (i, j) in enumerate(game.edges.tolist()):
        to_j, to_i = game.blocks[0, e, 1], game.blocks[0, e, 0]
        for a in range(3):
            assert prices[e, 0, a] == sum(to_j[a, b] * mixed[0, j, b] for b in range(3))
            assert prices[e, 1, a] == sum(to_i[b, a] * mixed[0, i, b] for b in range(3))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32), lanes=st.integers(2, 7), counts=st.lists(st.integers(1, 3), min_size=2, max_size=4))
def test_a_lane_of_games_alone_gives_the_bits_of_the_batch(seed: Any, lanes: Any, counts: Any) -> None:
    rng = np.random.default_rng(seed)
    game = NormalFormGame(rng.normal(size=(lanes, len(counts), *counts)))
    mixed = np.zeros((lanes, len(counts), max(counts)))
    for i, count in enumerate(counts):
        mixed[:, i, :count] = rng.dirichlet(np.ones(count), lanes)
    for method in ("action_values", "expected", "welfare_gradient"):
        whole = getattr(game, method)(mixed)
        for lane in range(lanes):
            assert (getattr(game.lane(lane), method)(mixed[lane : lane + 1])[0] == whole[lane]).all()


def test_a_lane_of_polymatrix_games_alone_gives_the_bits_of_the_batch() -> None:
    game = RANDOM_GAMES["random_polymatrix"](6, 4)
    lanes = game.game(drawn(game, range(9)))
    mixed = np.random.default_rng(0).dirichlet(np.ones(4), (9, 6))
    for method in ("action_values", "expected", "welfare_gradient", "prices"):
        whole = getattr(lanes, method)(mixed)
        for lane in range(9):
            assert (getattr(lanes.lane(lane), method)(mixed[lane : lane + 1])[0] == whole[lane]).all()


@pytest.mark.parametrize("family", sorted(RANDOM_GAMES))
def test_payoffs_at_pure_profiles_agree_with_the_tensor_on_numpy_and_torch(family: Any) -> None:
    torch_backend = backend("torch")
    source = RANDOM_GAMES[family](2, 3)
    payoffs = drawn(source, range(20))
    game, tensor = source.game(payoffs), source.game(payoffs).normal_form().payoffs
    play = list(np.random.default_rng(0).integers(0, 3, (2, 20)))
    here = game.payoffs_at(play, np.arange(20))
    there = game.placed(torch_backend).payoffs_at([torch_backend.asarray(a) for a in play], torch_backend.arange(20))
    for i in range(2):
        true = [tensor[(lane, i, play[0][lane], play[1][lane])] for lane in range(20)]
        assert (here[i] == true).all()
        assert (there[i].numpy() == true).all()


def test_a_shared_game_is_looked_up_in_every_lane() -> None:
    game = CLASSICS["not_polymatrix"].game
    profiles = np.array(list(game.profiles()))
    for i, earned in enumerate(game.payoffs_at(list(profiles.T))):
        assert earned.tolist() == [game.payoffs[(0, i, *profile)] for profile in profiles]


@pytest.mark.parametrize("family", ["random_normal_form", "random_polymatrix"])
def test_expectations_on_torch_are_those_on_numpy(family: Any) -> None:
    there = backend("torch")
    source = RANDOM_GAMES[family](3, 3)
    game = source.game(drawn(source, range(5)))
    mixed = np.random.default_rng(0).dirichlet(np.ones(3), (5, 3))
    for method in ("action_values", "expected", "welfare_gradient"):
        torch_values = getattr(game.placed(there), method)(there.asarray(mixed)).numpy()
        assert np.abs(torch_values - getattr(game, method)(mixed)).max() <= 1e-14


@pytest.mark.parametrize("family", sorted(RANDOM_GAMES))
def test_a_lane_draws_its_game_from_its_own_seed_alone(family: Any) -> None:
    source = RANDOM_GAMES[family](2, 3)
    whole = drawn(source, range(50))
    assert whole.shape == (50, *source.form.payoffs.shape[1:])
    assert (drawn(source, [7]) == whole[7]).all()
    assert (drawn(source, range(50), backend("torch")).numpy() == whole).all()
    assert len(np.unique(whole.reshape(50, -1), axis=0)) == 50
    low, high = source.span
    tensor = source.game(whole).normal_form().payoffs
    assert low <= tensor.min() < 0 < tensor.max() <= high


@pytest.mark.parametrize("family", sorted(RANDOM_GAMES))
def test_every_payoff_is_uniform_on_minus_one_to_one(family: Any) -> None:
    """Kolmogorov and Smirnov: the distance from the uniform law on 2,000 lanes, at level 1e-6 (2.7 / sqrt(n))."""
    source = RANDOM_GAMES[family](2, 3)
    one_player = drawn(source, range(2000)).reshape(2000, -1)[:, : 3 * 3]
    for entry in one_player.T:
        empirical = np.arange(2001) / 2000
        law = (np.sort(entry) + 1) / 2
        distance = max(np.abs(law - empirical[1:]).max(), np.abs(law - empirical[:-1]).max())
        assert distance <= 2.7 / np.sqrt(2000)


def test_zero_sum_and_team_families_are_what_they_say() -> None:
    opposite = drawn(RANDOM_GAMES["random_zero_sum"](2, 4), range(9))
    assert (opposite[:, 0] == -opposite[:, 1]).all()
    team = drawn(RANDOM_GAMES["random_common_payoff"](3, 2), range(9))
    assert (team == team[:, :1]).all() and np.ptp(team[:, 0]) > 0


def test_a_sparse_polymatrix_game_has_the_edges_asked_for() -> None:
    game = sparse_polymatrix(100, 5, 1000, seed=0)
    assert len({tuple(edge) for edge in game.edges.tolist()}) == 1000 and game.num_players == 100
    assert (game.blocks == sparse_polymatrix(100, 5, 1000, seed=0).blocks).all()


def test_a_game_is_read_from_a_name_nested_lists_a_file_or_a_game(tmp_path: Any) -> None:
    file = tmp_path / "small.nfg"
    file.write_text('NFG 1 R "small" { "a" "b" } { 2 1 } 1 2 3 4')
    tensor = [[[1], [3]], [[2], [4]]]
    assert read_game(str(file), 2, 2).form.payoffs[0].tolist() == tensor
    assert read_game(tensor, 2, 2).form.payoffs[0].tolist() == tensor
    assert read_game("chicken", 2, 2).span == (-10, 1)
    game = exact_polymatrix(np.random.default_rng(0))
    assert read_game(game, 2, 2).form is game


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: NormalFormGame(np.zeros((1, 2, 2))), "no game"),
        (lambda: NormalFormGame(np.zeros((1, 2, 0, 2))), "no game"),
        (lambda: NormalFormGame.of([[[1, 2], [3]], [[1, 2], [3, 4]]]), "not a full array"),
        (lambda: NormalFormGame.of([[["a", "b"]]]), "not a full array"),
        (lambda: NormalFormGame.of([[1.0, float("nan")]]), "finite"),
        (lambda: PolymatrixGame(np.array([(0, 1), (0, 1)]), np.zeros((1, 2, 2, 2, 2)), 2), "each once"),
        (lambda: PolymatrixGame(np.array([(1, 0)]), np.zeros((1, 1, 2, 2, 2)), 2), "0 <= i < j"),
        (lambda: PolymatrixGame(np.array([(0, 2)]), np.zeros((1, 1, 2, 2, 2)), 2), "0 <= i < j"),
        (lambda: PolymatrixGame(np.zeros((0, 2), int), np.zeros((1, 0, 2, 2, 2)), 2), "at least one edge"),
        (lambda: PolymatrixGame(np.array([(0, 1)]), np.zeros((1, 1, 2, 2, 3)), 2), "do not fit"),
        (lambda: read_game("random_normal_form", 1, 2), "at least 2 players"),
        (lambda: read_game("random_normal_form", 30, 9), "payoffs a lane"),
        (lambda: read_game("random_zero_sum", 3, 2), "2 players"),
        (lambda: sparse_polymatrix(3, 2, 4, 0), "1 to 3 pairs"),
        (lambda: read_game("no_such_file.nfg", 2, 2), "no game at"),
    ],
)
def test_what_is_no_game_is_refused_with_its_reason(make: Any, words: Any) -> None:
    with pytest.raises(PalaestraError, match=words):
        make()


def test_an_unknown_game_names_its_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'prisoners_dilemma'"):
        read_game("prisoner_dilemma", 2, 2)
