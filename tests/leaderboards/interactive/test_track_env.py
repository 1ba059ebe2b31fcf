"""`palaestra.track_env` gives the environment that a track's scenario is played in."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import palaestra
import pettingzoo
import pytest
from gymnasium.utils.env_checker import check_env
from palaestra.core.errors import PalaestraError, UnknownName
from palaestra.leaderboards.tracks import tracks
from pettingzoo.test.parallel_test import parallel_api_test

SEATED = [
    ("repeated-adaptive-v0", next(iter(tracks["repeated-adaptive-v0"].load().scenarios))),
    ("mediated-welfare-v0", "not_polymatrix, one refuses"),
]


def first_scenario(name: str) -> str:
    return next(iter(tracks[name].load().scenarios))


@pytest.mark.parametrize("name", tracks)
def test_a_track_gives_the_face_that_fits_the_seats_it_leaves(name: str) -> None:
    made = palaestra.track_env(name, first_scenario(name), demo=True)
    track = tracks[name].load()
    options = track.options(first_scenario(name), {}, demo=True)
    players = palaestra.rules(track.env_id, **options).facts.players
    left = [player for player in players if player not in track.seated(first_scenario(name))]
    if len(left) == 1:
        assert isinstance(made, gymnasium.Env)
        check_env(made, skip_render_check=True)
    else:
        assert isinstance(made, pettingzoo.ParallelEnv) and made.possible_agents == left
        parallel_api_test(made, num_cycles=20)


@pytest.mark.parametrize(("name", "scenario"), SEATED)
def test_an_episode_goes_as_in_the_benchmark(name: str, scenario: str) -> None:
    """The agents in the other seats act and learn as in the arena, to the bit, in every lane."""
    track = tracks[name].load()
    options = track.options(scenario, {}, demo=True)
    players = palaestra.rules(track.env_id, **options).facts.players
    seats: dict[str, Any] = track.seated(scenario)
    own = next(i for i, player in enumerate(players) if player not in seats)
    seats = {player: seats.get(player, "Uniform") for player in players}
    trace = palaestra.run(track.env_id, seats, range(5, 8), options=options, action_bits=track.action_bits)
    batch = palaestra.track_env(name, scenario, face="batch", num_envs=3, demo=True)
    batch.reset(seed=5)
    action, rewards = trace.actions[own], []
    for step in range(trace.steps):
        now = {key: part[step] for key, part in action.items()} if isinstance(action, dict) else action[step]
        rewards.append(batch.step([now]).rewards[0])
    assert trace.rewards is not None and np.array_equal(rewards, trace.rewards[own])
    lone = palaestra.track_env(name, scenario, demo=True)
    lone.reset(seed=6)
    for step in range(trace.steps):
        now = {key: part[step, 1] for key, part in action.items()} if isinstance(action, dict) else action[step, 1]
        _, reward, over, *_ = lone.step(now)
        assert reward == trace.rewards[own][step, 1] and over == (step == trace.steps - 1)


def test_lanes_start_again_and_partners_with_them() -> None:
    vec = palaestra.track_env(*SEATED[0], num_envs=4, demo=True, horizon=5)
    assert isinstance(vec, gymnasium.vector.VectorEnv)
    vec.reset(seed=1)
    ends = [vec.step(vec.action_space.sample())[2].all() for _ in range(12)]
    assert [step for step, over in enumerate(ends) if over] == [4, 9]


def test_float_actions_are_rounded_as_in_the_track() -> None:
    batch = palaestra.track_env("ranking-bandit-v0", first_scenario("ranking-bandit-v0"), face="batch", demo=True)
    batch.reset(seed=0)
    batch.step([np.full((1, *batch.free.action_spaces[0].shape), 1 / 3)])
    assert (batch.played[0] * 2**16 % 1 == 0).all()


def test_what_does_not_exist_is_named_with_what_does() -> None:
    with pytest.raises(UnknownName, match=r"no scenario of model-routing-v0 'rankin'.*average, cost, drift, ranking"):
        palaestra.track_env("model-routing-v0", "rankin")
    with pytest.raises(PalaestraError, match=r"Which scenario of model-routing-v0.*'ranking', 'average'"):
        palaestra.track_env("model-routing-v0")
    with pytest.raises(UnknownName, match=r"no face 'gym'.*gymnasium, parallel, vec"):
        palaestra.track_env("model-routing-v0", "ranking", face="gym")
    with pytest.raises(PalaestraError, match="num_envs=3: the face 'gymnasium' has one lane"):
        palaestra.track_env("model-routing-v0", "ranking", face="gymnasium", num_envs=3)
    with pytest.raises(PalaestraError, match=r"leaves \['player_0', 'player_1', .*\] to the agent"):
        palaestra.track_env("transfer-welfare-v0", first_scenario("transfer-welfare-v0"), face="vec", num_envs=3)
