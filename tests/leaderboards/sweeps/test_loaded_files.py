"""Files that an agent loads without declaring them are noticed: the agent changes when one of them does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from palaestra.core.loaded_files import loaded_files
from palaestra.leaderboards.submission.agent_digest import agent_digest
from palaestra.leaderboards.sweeps.plan import plan
from palaestra.leaderboards.sweeps.shipment import Shipment
from palaestra.leaderboards.tracks.track import Track

TINY = Track(
    track_id="tiny-v0",
    env_id="TransferGame-v0",
    scenarios={"dilemma": {"horizon": 4}},
    metric="welfare",
    metrics=("welfare",),
    references=("Uniform",),
    seats={},
    seeds=2,
    demo={},
    demo_seeds=2,
    about="More is better.",
)
MODULE = """
import os
from pathlib import Path

from palaestra.agents.uniform import Uniform

import stored_models

HERE = Path(__file__).parent
CONSTANT = "constant.pt"

class Loads(Uniform):
    def __init__(self, table=""):
        super().__init__()
        self.paths = ["model", HERE / "weights" / "policy.npy", f"{HERE}/weights/value.npy", CONSTANT]
        self.paths += [os.path.join(HERE, "weights", "joined.safetensors"), HERE.joinpath("weights", "called.bin")]
"""
LOADED = (
    *("model.zip", "constant.pt", "weights/policy.npy", "weights/value.npy", "weights/joined.safetensors"),
    *("weights/called.bin", "imported.npz"),
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "loading_agent.py").write_text(MODULE)
    (tmp_path / "stored_models.py").write_text('NAME = "imported.npz"\n')
    (tmp_path / "weights").mkdir()
    for name in (*LOADED, "other.zip", "table.csv"):
        (tmp_path / name).write_text(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in ("loading_agent", "stored_models"):
        sys.modules.pop(name, None)


AGENT = "loading_agent:Loads"


@pytest.mark.parametrize("name", LOADED)
def test_an_agent_whose_saved_model_changes_is_not_fresh(home: Path, name: str) -> None:
    key, digest = plan(TINY, [AGENT], 2)[0].key, agent_digest(AGENT).value
    assert (plan(TINY, [AGENT], 2)[0].key, agent_digest(AGENT).value) == (key, digest)
    (home / name).write_text("trained for longer")
    assert plan(TINY, [AGENT], 2)[0].key != key and agent_digest(AGENT).value != digest


def test_a_file_that_its_source_does_not_name_is_none_of_its_files(home: Path) -> None:
    files = agent_digest(AGENT).files
    assert {"loading_agent.py", "stored_models.py", *LOADED} == files.keys()


def test_a_file_that_an_option_names_is_part_of_the_digest(home: Path) -> None:
    agent = f"{AGENT[:-5]}Loads(table='table.csv')"
    digest = agent_digest(agent)
    assert "table.csv" in digest.files
    (home / "table.csv").write_text("1,2")
    assert agent_digest(agent).value != digest.value


def test_saved_models_travel_to_workers_on_other_machines(home: Path) -> None:
    (folder,) = Shipment.of(plan(TINY, [AGENT], 2)).roots
    assert set(LOADED) <= folder.keys() and "other.zip" not in folder


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('PPO.load("model")', {"model.zip"}),
        ('PPO.load("./model.zip")', {"model.zip"}),
        ('name = "other" + ".zip"', {"other.zip"}),
        ('HERE / folder / "model.zip"', {"model.zip"}),
        ('HERE / "weights" / name', set()),
        ('f"{name}.zip"', set()),
        ('"weights"', set()),
        ('"""model.zip is loaded\nhere."""', set()),
        ('"no such file.zip"', set()),
        (f'"{"x" * 5000}"', set()),
        ('"a\\0b"', set()),
        ("this is no Python", set()),
    ],
)
def test_a_name_in_the_text_is_a_file_where_one_lies_there(home: Path, text: str, found: set[str]) -> None:
    source = home / "text.py"
    source.write_text(text)
    assert loaded_files(source, [home]) == {(home / name).resolve() for name in found}
