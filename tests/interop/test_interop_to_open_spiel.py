"""Our games as OpenSpiel's: its simulation, serialisation and solvers run on them."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import numpy as np
import palaestra
import pytest
from gymnasium import spaces
from palaestra.core.batch import Batch
from palaestra.core.errors import PalaestraError
from palaestra.theory.games import NormalFormGame
from palaestra.theory.games.classics import CLASSICS
from palaestra.wrappers.to_open_spiel import to_open_spiel

pyspiel: Any = pytest.importorskip("pyspiel", reason="OpenSpiel is not installed: pip install -e '.[interop]'")


@pytest.mark.parametrize("name", CLASSICS)
def test_our_classics_pass_openspiels_simulation_with_the_same_payoffs(name: str) -> None:
    """(OpenSpiel itself does not serialise matrix and tensor games that were made from numbers.)"""
    game, table = to_open_spiel(name), CLASSICS[name].game
    assert isinstance(game, pyspiel.MatrixGame if table.num_players == 2 else pyspiel.TensorGame)
    pyspiel.random_sim_test(game, num_sims=2, serialize=False, verbose=False)
    for profile in product(*map(range, table.num_actions)):
        end = game.new_initial_state()
        end.apply_actions(list(profile))
        assert end.returns() == table.payoffs[(0, slice(None), *profile)].tolist()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("palaestra_repeated", {"horizon": 4, "memory": 2}),
        ("palaestra_drawn", {"game": "random_normal_form", "players": 3, "actions": 3, "horizon": 3}),
    ],
)
def test_our_rules_pass_openspiels_simulation_and_serialisation(name: str, options: dict[str, Any]) -> None:
    game = to_open_spiel(palaestra.rules("RepeatedGame-v0", **options), name)
    pyspiel.random_sim_test(game, num_sims=5, serialize=True, verbose=False)
    seeded = pyspiel.load_game(name, {"seed": 7})
    state = seeded.new_initial_state()
    state.apply_actions([1] * game.num_players())
    again, copy = pyspiel.deserialize_game_and_state(pyspiel.serialize_game_and_state(seeded, state))
    assert str(again) == str(seeded)
    assert np.array_equal(copy.returns(), state.returns())
    assert copy.history() == state.history()


def test_a_play_in_openspiel_is_the_lane_of_that_seed() -> None:
    """Rewards, observations and clones of a drawn three-player game, against the raw batch."""
    rules = palaestra.rules("RepeatedGame-v0", game="random_normal_form", players=3, actions=3, horizon=5, memory=2)
    to_open_spiel(rules, "palaestra_lane")
    game = pyspiel.load_game("palaestra_lane", {"seed": 11})
    state, batch = game.new_initial_state(), Batch(rules, 1, autoreset=False)
    seen, chance = batch.reset([11]), random.Random(3)
    from open_spiel.python.observation import make_observation

    reader = make_observation(game, pyspiel.IIGObservationType(perfect_recall=False))
    while not state.is_terminal():
        for player in range(3):
            reader.set_from(state, player)
            one = {key: value[0] for key, value in seen[player].items()}
            flat: Any = spaces.flatten(rules.observation_spaces[player], one)
            assert np.array_equal(reader.tensor, flat.astype(np.float32))
        joint = [chance.randrange(3) for _ in range(3)]
        aside = state.clone()
        aside.apply_actions([0, 0, 0])
        state.apply_actions(joint)
        result = batch.step([np.array([action]) for action in joint])
        seen = result.observations
        assert np.array_equal(state.rewards(), [reward[0] for reward in result.rewards])
    assert not batch.started


def test_openspiels_dynamics_read_our_payoffs() -> None:
    """`open_spiel.python.egt` reads the payoffs it needs for its dynamics."""
    from open_spiel.python.egt.utils import game_payoffs_array

    payoffs = game_payoffs_array(to_open_spiel("shapley"))
    assert np.array_equal(payoffs, CLASSICS["shapley"].game.payoffs[0])


def test_openspiels_cfr_solves_a_repeated_game_of_ours() -> None:
    """Twice [[2, -1], [-1, 1]], zero-sum: the value is 1/5 a round (row mixes 2/5, 3/5), by hand."""
    from open_spiel.python.algorithms import cfr, expected_game_score, exploitability

    pennies = [[[2.0, -1.0], [-1.0, 1.0]], [[-2.0, 1.0], [1.0, -1.0]]]
    game = to_open_spiel(palaestra.rules("RepeatedGame-v0", game=pennies, horizon=2), "palaestra_pennies")
    turns = pyspiel.convert_to_turn_based(game)
    solver = cfr.CFRPlusSolver(turns)
    for _ in range(30):
        solver.evaluate_and_update_policy()
    found = solver.average_policy()
    assert exploitability.nash_conv(turns, found) <= 0.25  # uniform play: 1
    values = expected_game_score.policy_value(turns.new_initial_state(), [found] * 2)
    assert values == pytest.approx([0.4, -0.4], abs=0.05)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: to_open_spiel("random_normal_form"), "each lane draws"),
        (lambda: to_open_spiel(NormalFormGame(np.zeros((2, 2, 2, 2)))), "2 lanes of payoffs"),
        (lambda: to_open_spiel(palaestra.rules("RepeatedGame-v0")), "short name"),
        (lambda: to_open_spiel(palaestra.rules("TransferGame-v0"), "palaestra_t"), "Discrete actions"),
        (lambda: to_open_spiel(palaestra.rules("RankingBandit-v0"), "palaestra_b"), "at least two players"),
        (
            lambda: to_open_spiel(palaestra.rules("RepeatedGame-v0", information="maps"), "palaestra_m"),
            "draw nothing in their steps",
        ),
    ],
)
def test_what_openspiel_cannot_express_is_refused_with_a_reason(make: Any, told: str) -> None:
    with pytest.raises(PalaestraError, match=told):
        make()
