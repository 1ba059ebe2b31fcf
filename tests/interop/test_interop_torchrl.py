"""TorchRL reads our PettingZoo face: its own check of the specs, and a rollout equal to the raw batch."""

from __future__ import annotations

from typing import Any

import numpy as np
import palaestra
import pytest

ABSENT = "TorchRL is not installed: pip install torchrl"
envs: Any = pytest.importorskip("torchrl.envs", reason=ABSENT)
specs: Any = pytest.importorskip("torchrl.envs.utils", reason=ABSENT)

OPTIONS: dict[str, Any] = {"game": "stag_hunt", "horizon": 5, "memory": 2}


def _env() -> Any:
    return envs.PettingZooWrapper(palaestra.parallel_env("RepeatedGame-v0", **OPTIONS))


def test_torchrls_check_of_the_specs_passes() -> None:
    specs.check_env_specs(_env())


def test_a_rollout_of_torchrl_is_a_lane_of_the_batch() -> None:
    """Rewards (in its float32), the one-hot histories, and the end after the horizon."""
    env, batch = _env(), palaestra.make_batch("RepeatedGame-v0", 1, autoreset=False, **OPTIONS)
    assert env.group_map == {"player": ["player_0", "player_1"]}
    rollout = env.rollout(20)
    assert len(rollout) == OPTIONS["horizon"]
    seen = batch.reset(0)
    for step in range(OPTIONS["horizon"]):
        shown = rollout["player", "observation", "history"][step].argmax(-1).numpy()
        assert np.array_equal(shown[0], seen[0]["history"][0])
        result = batch.step([rollout["player", "action"][step, player : player + 1].numpy() for player in range(2)])
        seen = result.observations
        for player in range(2):
            assert float(rollout["next", "player", "reward"][step, player, 0]) == result.rewards[player][0]
        assert bool(rollout["next", "done"][step]) == bool(result.terminated[0])
