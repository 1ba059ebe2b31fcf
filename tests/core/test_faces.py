"""The faces (DESIGN, promise 1): Gymnasium, Gymnasium vector, PettingZoo and the raw batch show one play."""

import pickle
import warnings
from typing import Any

import gymnasium
import numpy as np
import palaestra
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space
from palaestra.core.batch import Batch
from palaestra.core.errors import IllegalAction, PalaestraError
from palaestra.core.faces.single import SingleEnv
from palaestra.core.faces.vector import LaneVectorEnv
from pettingzoo.utils.conversions import aec_to_parallel

BANDIT: dict[str, Any] = {"feedback": "numeric", "information": "bandit", "proposals": 2, "horizon": 4}
TRANSFER: dict[str, Any] = {"game": "random_polymatrix", "players": 3, "horizon": 4}


def _bandit() -> Any:
    return palaestra.rules("RankingBandit-v0", **BANDIT)


def _actions(step: int, lanes: int) -> Any:
    space = _bandit().action_spaces[0]
    return (np.arange(lanes * space.shape[0]).reshape(lanes, -1) + step) % int(space.nvec.min())


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    return np.asarray(one).dtype == np.asarray(other).dtype and np.array_equal(one, other)


def _lane(observation: Any, lane: int) -> Any:
    if isinstance(observation, dict):
        return {key: _lane(part, lane) for key, part in observation.items()}
    return observation[lane]


def test_gymnasium_and_stable_baselines3_accept_the_single_face() -> None:
    from stable_baselines3.common.env_checker import check_env as check_for_sb3

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check_env(SingleEnv(_bandit()), skip_render_check=True)
        check_for_sb3(SingleEnv(_bandit()))


@pytest.mark.parametrize("seed", [7, [7, 99, 3]])
def test_every_lane_of_the_vector_face_is_the_single_environment_over_three_episodes(seed: Any) -> None:
    """An integer seeds lane i with s + i, a list seeds each; SAME_STEP autoreset with the true final observation."""
    vector, seeds = LaneVectorEnv(_bandit(), 3), [7, 8, 9] if seed == 7 else seed
    assert vector.metadata["autoreset_mode"] == AutoresetMode.SAME_STEP
    singles = [SingleEnv(_bandit()) for _ in seeds]
    seen, info = vector.reset(seed=seed)
    assert info == {}
    for lane, single in enumerate(singles):
        assert _equal(single.reset(seed=seeds[lane])[0], _lane(seen, lane))
    for step in range(12):
        actions = _actions(step, 3)
        seen, rewards, over, cut, info = vector.step(actions)
        assert seen.keys() == vector.observation_space.spaces.keys()  # type: ignore[attr-defined]
        assert vector.observation_space.contains(seen)
        assert over.all() == ((step + 1) % 4 == 0)
        assert not cut.any()
        for lane, single in enumerate(singles):
            alone, reward, done, _, told = single.step(actions[lane])
            assert (reward, done) == (rewards[lane], over[lane])
            assert all(np.array_equal(info[key][lane], value) for key, value in told.items())
            if done:
                assert info["_final_obs"][lane]
                assert _equal(alone, _lane(info["final_obs"], lane))
                assert all(np.array_equal(info["final_info"][key][lane], value) for key, value in told.items())
                alone, _ = single.reset()
            assert _equal(alone, _lane(seen, lane))
        assert ("final_obs" in info) == bool(over.any())


def test_what_the_vector_face_returned_is_the_callers_own() -> None:
    """Gymnasium's promise of `copy=True`: no later step changes it, and writing into it changes no play."""
    vector, other = LaneVectorEnv(_bandit(), 3), LaneVectorEnv(_bandit(), 3)
    vector.reset(seed=1)
    other.reset(seed=1)
    for step in range(8):
        mine, theirs = vector.step(_actions(step, 3)), other.step(_actions(step, 3))
        assert _equal(mine[0], theirs[0])
        assert _equal(mine[1], theirs[1])
        for part in mine[0].values():
            part[...] = 0
        mine[1][...] = -5.0
        mine[2][...] = True


def test_the_vector_face_has_the_batched_spaces_of_the_single_face() -> None:
    vector = palaestra.make_vec("RankingBandit-v0", num_envs=5, **BANDIT)
    single = palaestra.make("RankingBandit-v0", **BANDIT)
    assert vector.num_envs == 5
    assert vector.single_observation_space == single.observation_space
    assert vector.observation_space == batch_space(single.observation_space, 5)
    assert vector.action_space == batch_space(single.action_space, 5)
    on_torch = palaestra.make_vec("RankingBandit-v0", num_envs=5, backend="torch", **BANDIT)
    assert _equal(on_torch.reset(seed=2)[0], vector.reset(seed=2)[0])
    assert _equal(on_torch.step(_actions(0, 5))[0], vector.step(_actions(0, 5))[0])


def test_gymnasiums_own_vector_of_single_faces_plays_the_same() -> None:
    ours = palaestra.make_vec("RankingBandit-v0", num_envs=3, **BANDIT)
    theirs = gymnasium.vector.SyncVectorEnv([lambda: SingleEnv(_bandit())] * 3, autoreset_mode=AutoresetMode.SAME_STEP)
    assert _equal(ours.reset(seed=11)[0], theirs.reset(seed=11)[0])
    for step in range(9):
        mine, other = ours.step(_actions(step, 3)), theirs.step(_actions(step, 3))
        assert _equal(mine[0], other[0])
        assert np.array_equal(mine[1], other[1])
        assert np.array_equal(mine[2], other[2])


@pytest.mark.parametrize(
    ("seed", "options", "told"),
    [
        ([1, 2], None, "2 seeds were given for 3 lanes"),
        ([1, None, 2], None, "Give a seed"),
        (-1, None, "-1"),
        (None, {"reset_mask": np.ones(3, bool)}, "DISABLED"),
    ],
)
def test_a_wrong_reset_of_the_vector_face_is_refused(seed: Any, options: Any, told: str) -> None:
    with pytest.raises(PalaestraError, match=told):
        LaneVectorEnv(_bandit(), 3).reset(seed=seed, options=options)


def test_the_parallel_face_plays_a_lane_of_the_batch_over_two_episodes() -> None:
    """The whole episode, since PettingZoo's own seed test looks at one step."""
    env = palaestra.parallel_env("TransferGame-v0", **TRANSFER)
    batch = palaestra.make_batch("TransferGame-v0", 4, autoreset=False, **TRANSFER)
    for seeds in ([20, 21, 22, 23], None):
        observations, infos = env.reset(seed=None if seeds is None else 22)
        everybody = batch.reset(seeds)
        assert infos == {agent: {} for agent in env.possible_agents}
        step = 0
        while env.agents:
            for i, agent in enumerate(env.possible_agents):
                assert env.observation_space(agent).contains(observations[agent])
                assert _equal(observations[agent], _lane(everybody[i], 2))
            for agent in env.possible_agents:
                env.action_space(agent).seed(step)
            actions = {agent: env.action_space(agent).sample() for agent in env.agents}
            observations, rewards, over, cut, _ = env.step(actions)
            result = batch.step([{key: np.stack([part] * 4) for key, part in one.items()} for one in actions.values()])
            everybody, step = result.observations, step + 1
            assert list(rewards.values()) == [reward[2] for reward in result.rewards]
            assert set(over.values()) == {step == 4}
            assert not any(cut.values())
        assert step == 4


def test_the_aec_face_pays_what_the_parallel_face_pays() -> None:
    one = palaestra.parallel_env("TransferGame-v0", **TRANSFER)
    other = aec_to_parallel(palaestra.aec_env("TransferGame-v0", **TRANSFER))
    first, _ = one.reset(seed=5)
    second, _ = other.reset(seed=5)
    assert _equal(first, second)
    while one.agents:
        actions = {agent: one.action_space(agent).sample() for agent in one.agents}
        mine, theirs = one.step(actions), other.step(actions)
        assert mine[1] == theirs[1]
        assert mine[2] == theirs[2]
        if one.agents:
            assert _equal(mine[0], theirs[0])


def test_a_missing_or_illegal_action_steps_nothing() -> None:
    env, untouched = (palaestra.parallel_env("TransferGame-v0", **TRANSFER) for _ in range(2))
    env.reset(seed=5)
    untouched.reset(seed=5)
    actions = {agent: env.action_space(agent).sample() for agent in env.agents}
    with pytest.raises(PalaestraError, match="one action for each"):
        env.step({"player_0": actions["player_0"]})
    with pytest.raises(IllegalAction, match=r"player_1\['play'\].*9"):
        env.step({**actions, "player_1": {**actions["player_1"], "play": 9}})
    assert _equal(env.step(actions)[0], untouched.step(actions)[0])


def test_steps_before_a_reset_or_after_the_end_are_refused() -> None:
    single = SingleEnv(_bandit())
    with pytest.raises(PalaestraError, match="call reset"):
        single.step(_actions(0, 1)[0])
    single.reset(seed=0)
    for step in range(4):
        single.step(_actions(step, 1)[0])
    with pytest.raises(PalaestraError, match="call reset"):
        single.step(_actions(0, 1)[0])


def test_faces_are_made_for_their_kind_of_game() -> None:
    with pytest.raises(PalaestraError, match="parallel_env"):
        palaestra.make("TransferGame-v0")
    with pytest.raises(PalaestraError, match="make_batch"):
        palaestra.make_vec("TransferGame-v0")
    with pytest.raises(PalaestraError, match="at least one lane"):
        palaestra.make_batch("TransferGame-v0", 0)


def test_a_face_pickled_in_the_middle_of_an_episode_goes_on_alike() -> None:
    single = SingleEnv(_bandit())
    single.reset(seed=3)
    single.step(_actions(0, 1)[0])
    copy = pickle.loads(pickle.dumps(single))
    vector = LaneVectorEnv(_bandit(), 3)
    vector.reset(seed=3)
    vector_copy = pickle.loads(pickle.dumps(vector))
    for step in range(1, 4):
        assert _equal(single.step(_actions(step, 1)[0])[0], copy.step(_actions(step, 1)[0])[0])
        assert _equal(vector.step(_actions(step, 3))[0], vector_copy.step(_actions(step, 3))[0])


def test_the_first_reset_without_a_seed_differs_between_environments_and_later_ones_go_on() -> None:
    def start(env: Any) -> float:
        return float(env.reset()[0]["player_0"]["payoffs"].sum())

    envs = [palaestra.parallel_env("TransferGame-v0", **TRANSFER) for _ in range(2)]
    assert start(envs[0]) != start(envs[1])
    assert start(envs[0]) != start(envs[0])
    batch: Batch[Any] = palaestra.make_batch("TransferGame-v0", 2, **TRANSFER)
    batch.reset()
    assert batch.seeds[0] != batch.seeds[1]
