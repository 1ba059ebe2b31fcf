"""The files of a user's agent: whatever of them is edited, a benchmark is run again, and nothing else makes it so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from palaestra.core.agent_files import named_weights
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.submission.agent_digest import agent_digest
from palaestra.leaderboards.sweeps.plan import plan
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
FILES = {
    "agent.py": """
from importlib import import_module

import helper
from palaestra.agents import agents
from palaestra.agents.uniform import Uniform
from pack.inner import LEVEL

called = import_module("called")

class Mine(Uniform):
    weights = ("policy.npy",)

    def act(self, observation):
        import late
        return super().act(observation)

class Told(Uniform):
    def __init__(self, table=""):
        super().__init__()

class Lost(Uniform):
    weights = ("nowhere.npy",)

made = agents.spec("NumericHedge(rate=0.3)").make()
""",
    "helper.py": "from deeper import DEPTH\n",
    "deeper.py": "DEPTH = 1\n",
    "late.py": "LATE = 1\n",
    "called.py": "CALLED = 1\n",
    "pack/__init__.py": "",
    "pack/inner.py": "from . import beside\nLEVEL = 1\n",
    "pack/beside.py": "BESIDE = 1\n",
    "pack/unused.py": "UNUSED = 1\n",
    "other.py": "import helper\n\nfrom palaestra.agents.uniform import Uniform as Other\n",
    "policy.npy": "weights",
    "table.csv": "1,2",
}
OF_MINE = {*FILES} - {"pack/unused.py", "other.py", "table.csv"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    before = {*sys.modules}
    yield tmp_path
    for name in {*sys.modules} - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]


def key(agent: str = "agent:Mine", *before: str) -> str:
    return plan(TINY, [*before, agent], 2)[-1].key


@pytest.mark.parametrize("name", sorted(OF_MINE))
def test_an_agent_is_run_again_once_a_file_of_its_is_edited(home: Path, name: str) -> None:
    before, digest = key(), agent_digest("agent:Mine").value
    assert key() == before
    with open(home / name, "a") as file:
        file.write("\n# changed\n")
    assert key() != before and agent_digest("agent:Mine").value != digest


@pytest.mark.parametrize("name", sorted({*FILES} - OF_MINE))
def test_an_agent_is_not_run_again_for_a_file_that_it_does_not_use(home: Path, name: str) -> None:
    before = key("agent:Mine", "other:Other")
    with open(home / name, "a") as file:
        file.write("\n# changed\n")
    assert key() == before, "another agent beside it made a difference"


def test_the_digest_names_every_file_relative_to_the_agents_folder(home: Path) -> None:
    assert agent_digest("agent:Mine").files.keys() == OF_MINE
    (home / "pack" / "agent.py").write_text("import helper\nfrom palaestra.agents.uniform import Uniform as Inner\n")
    assert {"agent.py", "__init__.py", "../helper.py"} <= agent_digest("pack.agent:Inner").files.keys()


def test_a_file_that_an_agents_options_name_is_one_of_its_files(home: Path) -> None:
    before = key("agent:Told(table='table.csv')")
    (home / "table.csv").write_text("3,4")
    assert key("agent:Told(table='table.csv')") != before


def test_an_agent_made_from_one_of_ours_is_the_file_that_makes_it(home: Path) -> None:
    assert "agent.py" in agent_digest("agent:made").files
    before = key("agent:made")
    (home / "agent.py").write_text(FILES["agent.py"].replace("0.3", "0.5"))
    assert key("agent:made") != before


def test_weights_that_are_not_there_are_named_before_anything_runs(home: Path) -> None:
    with pytest.raises(PalaestraError, match=r"weights that are not there: 'nowhere\.npy'"):
        key("agent:Lost")


def test_weights_may_be_one_name_and_another_attribute_of_this_name_is_none() -> None:
    assert named_weights(SimpleNamespace(weights="policy.npy")) == ("policy.npy",)
    assert named_weights(SimpleNamespace(weights=["a.npy", "b.npy"])) == ("a.npy", "b.npy")
    assert named_weights(SimpleNamespace(weights=np.ones(3))) == named_weights(SimpleNamespace()) == ()


def test_libraries_below_the_agents_folder_are_not_its_own(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with an agent in one's home, and Python or a virtual environment below it."""
    for library in ("lib/python3/standard.py", "venv/site-packages/installed.py"):
        path = home / library
        path.parent.mkdir(parents=True)
        path.write_text("LIBRARY = 1\n")
        monkeypatch.syspath_prepend(path.parent)
    monkeypatch.setattr("palaestra.core.agent_files._STANDARD", home / "lib" / "python3")
    with open(home / "agent.py", "a") as file:
        file.write("\nimport installed\nimport standard\n")
    assert agent_digest("agent:Mine").files.keys() == OF_MINE


PLAYS = """
import numpy as np
from hlp import PLAY
from palaestra.agents.uniform import Uniform

class Agent(Uniform):
    def act(self, observation):
        action = super().act(observation)
        return action | {"play": np.full_like(action["play"], PLAY)}
"""


def test_the_same_bench_after_an_edit_of_a_helper_gives_the_new_rows(tmp_path: Path) -> None:
    """As a user types it: in a process of its own each time."""
    (tmp_path / "plays.py").write_text(PLAYS)
    words = "bench transfer-welfare-v0 --only-agents none --agent plays:Agent --seeds 2 --option horizon=4 --workers 1"
    command = [sys.executable, "-m", "palaestra", *words.split(), "--json"]
    said = []
    for play in (0, 1, 1):
        (tmp_path / "hlp.py").write_text(f"PLAY = {play}\n")
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, env=environment)
        assert done.returncode == 0, done.stderr
        said.append(re.sub(r'"(seconds|estimate)[^}]*', "", done.stdout))
        assert ("To do" in done.stderr) == (len(said) < 3)
    assert said[0] != said[1]
