"""Stable-Baselines3: our lanes as its `VecEnv`, and its models in our seats (DESIGN, sections 1 and 3)."""

from __future__ import annotations

import pickle
import sys
from typing import Any

import numpy as np
import palaestra
import pytest
from gymnasium import spaces
from palaestra.core.batch import Batch
from palaestra.core.errors import IllegalAction, PalaestraError
from palaestra.core.flat_spaces import FlatSpace
from palaestra.wrappers import wrappers
from palaestra.wrappers.to_sb3 import ToSB3

sb3: Any = pytest.importorskip(
    "stable_baselines3", reason="Stable-Baselines3 is not installed: pip install -e '.[train]'"
)
torch: Any = pytest.importorskip("torch", reason="torch is not installed: pip install -e '.[train]'")
from stable_baselines3.common.evaluation import evaluate_policy  # noqa: E402
from stable_baselines3.common.vec_env import VecEnv, VecMonitor  # noqa: E402

REPEATED: dict[str, Any] = {"game": "stag_hunt", "horizon": 4, "memory": 2}
DRAWN: dict[str, Any] = {"game": "random_normal_form", "players": 3, "actions": 3, "horizon": 3}
BANDIT: dict[str, Any] = {"feedback": "numeric", "information": "bandit", "proposals": 2, "horizon": 4}


@pytest.fixture(autouse=True)
def _one_thread() -> Any:
    """Tiny networks: more threads only wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def _env(num_envs: int = 6, **options: Any) -> Any:
    return ToSB3(palaestra.rules("RepeatedGame-v0", **(options or REPEATED)), num_envs)


def _ppo(env: Any, **options: Any) -> Any:
    chosen = {"n_steps": 8, "batch_size": 64, "n_epochs": 4, "seed": 1, "device": "cpu"} | options
    return sb3.PPO("MultiInputPolicy", env, **chosen)


def test_it_is_a_vec_env_with_flat_spaces() -> None:
    """The history of RepeatedGame, MultiDiscrete of two axes, which Stable-Baselines3 does not know, comes flat."""
    env = _env()
    assert isinstance(env, VecEnv)
    assert isinstance(env, ToSB3)
    assert env.num_envs == 6
    assert env.observation_space == spaces.Dict({"history": spaces.MultiDiscrete([3, 3, 3, 3])})
    assert env.action_space == spaces.Discrete(2)
    assert isinstance(wrappers["ToSB3"].make(rules=palaestra.rules("RankingBandit-v0"), num_envs=2), VecEnv)


@pytest.mark.parametrize("options", [REPEATED, DRAWN], ids=["fixed", "drawn"])
def test_environment_k_is_player_k_mod_n_of_lane_k_div_n(options: dict[str, Any]) -> None:
    """Against the raw batch, over three episodes: observations, rewards, ends and terminal observations, to the bit."""
    env, batch = (
        _env(12, **options),
        Batch(palaestra.rules("RepeatedGame-v0", **options), 12 // options.get("players", 2)),
    )
    n = env.players
    assert env.seed(5) == [5 + k // n for k in range(12)]
    seen, truth, chance = env.reset(), batch.reset(5), np.random.default_rng(0)
    for _ in range(3 * options["horizon"]):
        for k in range(12):
            for key, part in seen.items():
                assert np.array_equal(part[k], truth[k % n][key][k // n].reshape(part[k].shape))
            assert env.observation_space.contains({key: part[k] for key, part in seen.items()})
        actions = chance.integers(env.action_space.n, size=12)
        env.step_async(actions)
        seen, rewards, over, infos = env.step_wait()
        result = batch.step([actions[player::n] for player in range(n)])
        truth = result.observations
        for k in range(12):
            assert rewards[k] == result.rewards[k % n][k // n]
            assert over[k] == result.terminated[k // n]
            assert ("terminal_observation" in infos[k]) == over[k]
            if over[k]:
                final = result.final_observations[k % n]  # type: ignore[index]
                for key, part in infos[k]["terminal_observation"].items():
                    assert np.array_equal(part, final[key][k // n].reshape(part.shape))
                assert infos[k]["TimeLimit.truncated"] is False


def test_a_game_of_one_learner_has_an_environment_a_lane() -> None:
    rules = palaestra.rules("RankingBandit-v0", **BANDIT)
    env: Any = ToSB3(rules, 3)
    vector = palaestra.make_vec("RankingBandit-v0", 3, **BANDIT)
    env.seed(9)
    seen, (truth, _) = env.reset(), vector.reset(seed=9)
    for step in range(6):
        assert all(np.array_equal(seen[key], truth[key]) for key in truth)
        actions = np.full((3, 2), step)
        seen, rewards, over, infos = env.step(actions)
        truth, earned, ended, _, told = vector.step(actions)
        assert np.array_equal(rewards, earned)
        assert np.array_equal(over, ended)
        assert ("final_obs" in told) == over[1]
        for key, part in infos[1].get("terminal_observation", {}).items():
            assert np.array_equal(part, told["final_obs"][key][1])


def test_seeds_hold_for_one_reset_and_later_episodes_go_on() -> None:
    one, other = _env(6, **DRAWN), _env(6, **DRAWN)
    one.seed(3)
    other.seed(3)
    first = one.reset()["payoffs"]
    assert np.array_equal(first, other.reset()["payoffs"])
    second = one.reset()["payoffs"]
    assert not np.array_equal(first, second)
    assert np.array_equal(second, other.reset()["payoffs"])
    one.seed(3)
    assert np.array_equal(first, one.reset()["payoffs"])


def test_the_rest_of_the_interface_answers() -> None:
    env = _env()
    assert env.get_attr("players") == [2] * 6
    assert env.get_attr("players", [0, 3]) == [2, 2]
    assert env.has_attr("rules")
    assert not env.has_attr("nothing")
    assert env.env_is_wrapped(object, 1) == [False]
    env.set_attr("label", "hunt")
    assert env.label == "hunt"
    assert env.unwrapped is env
    with pytest.raises(PalaestraError, match="give no indices"):
        env.set_attr("label", "x", 0)
    with pytest.raises(PalaestraError, match="no method 'fly'"):
        env.env_method("fly")
    env.seed(1)
    env.reset()
    env.step(np.ones(6, np.int64))
    copy: Any = pickle.loads(pickle.dumps(env))
    assert VecEnv in type(copy).__mro__
    one, other = (each.step(np.arange(6) % 2) for each in (env, copy))
    assert np.array_equal(one[0]["history"], other[0]["history"])
    assert np.array_equal(one[1], other[1])
    env.close()


def test_what_one_policy_cannot_play_is_refused_with_a_reason() -> None:
    with pytest.raises(PalaestraError, match="num_envs=3 is not allowed: with 2 players"):
        _env(3)
    with pytest.raises(PalaestraError, match="action spaces differ between players"):
        ToSB3(palaestra.rules("MediatedGame-v0"), 6)
    with pytest.raises(PalaestraError, match="has no actions of Dict"):
        ToSB3(palaestra.rules("TransferGame-v0"), 6)
    env = _env()
    env.reset()
    with pytest.raises(IllegalAction, match="player_1, lane 2"):
        env.step(np.array([0, 0, 0, 0, 0, 2]))


def test_without_stable_baselines3_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from palaestra.core.extra import import_extra

    monkeypatch.setitem(sys.modules, "a_library_that_is_absent", None)
    with pytest.raises(PalaestraError, match=r"pip install 'palaestra\[train\]'"):
        import_extra("a_library_that_is_absent", "train")


def test_ppo_learns_to_defect_by_parameter_sharing_and_then_takes_a_seat() -> None:
    """In the prisoner's dilemma defection dominates: what PPO learns defects, and earns 5 against a cooperator."""
    env = VecMonitor(_env(64, game="prisoners_dilemma", horizon=4, memory=1))
    model = _ppo(env, learning_rate=0.01, gamma=0.0)
    model.learn(64 * 8 * 5)
    assert len(model.ep_info_buffer) > 0
    played = palaestra.run(
        "RepeatedGame-v0", {"player_0": model, "player_1": "AlwaysCooperate"}, seeds=range(3), horizon=6
    )
    assert played.rewards is not None
    assert (played.rewards[0] == 5.0).all()
    assert np.array_equal(palaestra.replay(played).rewards[0], played.rewards[0])  # type: ignore[index]
    mean, _ = evaluate_policy(model, env, n_eval_episodes=4, warn=False)
    assert mean == 4.0  # both defect: 1 in each of 4 rounds


def test_training_with_the_same_seed_gives_the_same_weights() -> None:
    one, other = (_ppo(_env(8)).learn(128).policy.state_dict() for _ in range(2))
    assert all(torch.equal(one[key], other[key]) for key in one)


def test_a_flat_space_names_nested_entries_by_their_path_and_leaves_the_rest() -> None:
    space = spaces.Dict(
        {
            "market": spaces.Dict({"prices": spaces.Box(0, 1, (2, 2)), "day": spaces.Discrete(3)}),
            "past": spaces.MultiDiscrete(np.array([[2, 3], [2, 3]])),
        }
    )
    flat = FlatSpace(space)
    assert flat.space == spaces.Dict(
        {
            "market/day": spaces.Discrete(3),
            "market/prices": spaces.Box(0, 1, (2, 2)),
            "past": spaces.MultiDiscrete([2, 3, 2, 3]),
        }
    )
    values = flat.values(
        {"market": {"prices": np.ones((5, 2, 2)), "day": np.arange(5) % 3}, "past": np.zeros((5, 2, 2), np.int64)}
    )
    assert {key: value.shape for key, value in values.items()} == {
        "market/prices": (5, 2, 2),
        "market/day": (5,),
        "past": (5, 4),
    }
    box = spaces.Box(0, 1, (2,))
    assert FlatSpace(box).space is box
