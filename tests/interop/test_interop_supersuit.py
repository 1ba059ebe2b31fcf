"""The SuperSuit path: our PettingZoo face as a vector environment of Stable-Baselines3, agents side by side.

Stable-Baselines3 knows no MultiDiscrete of two axes, and SuperSuit's `flatten_v0` no Dict: observations are flattened
here by a PettingZoo wrapper of ten lines. SuperSuit's face for Stable-Baselines3 has no `seed` either, so PPO gets
none. `ToSB3` needs none of this.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import palaestra
import pytest
from gymnasium import spaces
from palaestra.wrappers.to_sb3 import ToSB3
from pettingzoo.utils.wrappers.base_parallel import BaseParallelWrapper

supersuit: Any = pytest.importorskip("supersuit", reason="SuperSuit is not installed: pip install -e '.[interop]'")
sb3: Any = pytest.importorskip(
    "stable_baselines3", reason="Stable-Baselines3 is not installed: pip install -e '.[train]'"
)

OPTIONS: dict[str, Any] = {"game": "prisoners_dilemma", "horizon": 6, "memory": 2}


class Flat(BaseParallelWrapper):  # type: ignore[type-arg]
    """Every observation as one flat array, by Gymnasium's own rule."""

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        self.flat: dict[str, Any] = {
            agent: spaces.flatten_space(env.observation_space(agent)) for agent in env.possible_agents
        }

    def observation_space(self, agent: str) -> Any:
        return self.flat[agent]

    def reset(self, seed: int | None = None, options: Any = None) -> Any:
        seen, infos = self.env.reset(seed=seed, options=options)
        return self._flattened(seen), infos

    def step(self, actions: Any) -> Any:
        seen, *rest = self.env.step(actions)
        return self._flattened(seen), *rest

    def _flattened(self, seen: Any) -> Any:
        return {agent: spaces.flatten(self.env.observation_space(agent), one) for agent, one in seen.items()}


def _vectorised(copies: int) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one = supersuit.pettingzoo_env_to_vec_env_v1(Flat(palaestra.parallel_env("RepeatedGame-v0", **OPTIONS)))
        return supersuit.concat_vec_envs_v1(one, copies, num_cpus=1, base_class="stable_baselines3")


def test_ppo_trains_over_supersuit() -> None:
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        env = _vectorised(4)
        assert env.num_envs == 8
        model = sb3.PPO("MlpPolicy", env, n_steps=12, batch_size=48, n_epochs=1, device="cpu").learn(288)
        assert model.num_timesteps == 288
        actions, _ = model.predict(env.reset())
        assert actions.shape == (8,)
    finally:
        torch.set_num_threads(threads)


def test_supersuit_pays_and_shows_what_our_own_face_does() -> None:
    """The same actions in both, over two episodes of a game that draws nothing; environments in the same order."""
    theirs, ours = _vectorised(3), ToSB3(palaestra.rules("RepeatedGame-v0", **OPTIONS), 6)
    seen, own, chance = theirs.reset(), ours.reset(), np.random.default_rng(2)
    space = palaestra.rules("RepeatedGame-v0", **OPTIONS).observation_spaces[0]
    for _ in range(12):
        for k in range(6):
            one: Any = spaces.flatten(space, {"history": own["history"][k].reshape(2, 2)})
            assert np.array_equal(seen[k], one)
        actions = chance.integers(2, size=6)
        seen, rewards, over, _ = theirs.step(actions)
        ours.step_async(actions)
        own, earned, ended, _ = ours.step_wait()
        assert np.array_equal(rewards, earned)
        assert np.array_equal(over, ended)
