"""`palaestra check` of models that Stable-Baselines3 trained: by the path of a saved model, or as module:attribute."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import palaestra
import pytest
from palaestra.agents import agents
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.submission.agent_digest import agent_digest
from palaestra.leaderboards.sweeps.plan import plan
from palaestra.leaderboards.tracks import tracks
from palaestra.tests.support.users_command import Answer, users_command

sb3: Any = pytest.importorskip(
    "stable_baselines3", reason="Stable-Baselines3 is not installed: pip install -e '.[train]'"
)
MINE = """
from stable_baselines3 import PPO

model = PPO.load("routing")
"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of each kind, untrained."""
    folder = tmp_path_factory.mktemp("models")
    bandit = palaestra.make("RankingBandit-v0", horizon=8)
    for algorithm in ("A2C", "SAC", "TD3", "DDPG"):
        getattr(sb3, algorithm)("MultiInputPolicy", bandit, seed=1).save(folder / algorithm.lower())
    routing = palaestra.make("ModelRouting-v0", horizon=8)
    sb3.PPO("MultiInputPolicy", routing, n_steps=8, batch_size=8, seed=1).save(folder / "routing")
    return folder


@pytest.fixture
def command(
    tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Answer]:
    for path in models.iterdir():
        os.link(path, tmp_path / path.name)
    return users_command(tmp_path, monkeypatch, capfd, MINE)


@pytest.mark.parametrize(
    "words",
    [
        ("routing.zip", "--env", "ModelRouting-v0"),
        ("MINE:model", "--env", "ModelRouting-v0"),
        *((f"{name}.zip", "--env", "RankingBandit-v0") for name in ("a2c", "sac", "td3", "ddpg")),
    ],
    ids=lambda words: words[0],
)
def test_a_model_keeps_the_contract_of_an_agent(words: tuple[str, ...], command: Callable[..., Answer]) -> None:
    answer = command("check", *words, "--json")
    assert answer.code == 0, answer.err
    assert "lanes are independent" in json.loads(answer.out)["passed"]


def test_a_model_that_was_trained_on_something_else_fails(command: Callable[..., Answer]) -> None:
    answer = command("check", "routing.zip", "--env", "RankingBandit-v0", "--json")
    assert answer.code == 1 and json.loads(answer.out)["failed"]["clause"] == "actions are legal"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("routing.zip",), "add --env ID or --track TRACK"),
        (("nowhere.zip", "--env", "ModelRouting-v0"), "There is no file 'nowhere.zip'"),
        (("text.zip", "--env", "ModelRouting-v0"), "is not a saved model of Stable-Baselines3"),
        (("other.zip", "--env", "ModelRouting-v0"), "module:model"),
    ],
)
def test_what_is_no_saved_model_says_what_to_do(
    words: tuple[str, ...], told: str, tmp_path: Path, command: Callable[..., Answer]
) -> None:
    (tmp_path / "text.zip").write_text("no archive")
    with ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("data", json.dumps({"policy_class": {"__module__": "sb3_contrib.qrdqn.policies"}}))
    answer = command("check", *words)
    assert answer.code == 2 and told in answer.err, answer


def test_a_saved_model_that_changes_is_benchmarked_anew(tmp_path: Path, command: Callable[..., Answer]) -> None:
    track = tracks["model-routing-v0"].load()
    before, model = plan(track, ["routing.zip"], 1)[0].key, agents.spec("routing.zip").maker
    assert plan(track, ["routing.zip"], 1)[0].key == before and agents.spec("routing.zip").maker is model
    later = palaestra.make("ModelRouting-v0", horizon=8)
    (tmp_path / "routing.zip").unlink()
    sb3.PPO("MultiInputPolicy", later, n_steps=8, batch_size=8, seed=2).save("routing")
    assert plan(track, ["routing.zip"], 1)[0].key != before and agents.spec("routing.zip").maker is not model


def test_a_saved_model_cannot_be_submitted_without_source(command: Callable[..., Answer]) -> None:
    with pytest.raises(PalaestraError, match="saved model without source"):
        agent_digest("routing.zip")
