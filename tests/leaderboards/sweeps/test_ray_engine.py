"""The engine `ray`, on a real local Ray cluster of two nodes; a worker is killed in the middle of a run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.sweeps.engine import Engine
from palaestra.leaderboards.sweeps.execute import rows_path, trace_path
from palaestra.leaderboards.sweeps.local_engine import is_finished, run_locally
from palaestra.leaderboards.sweeps.plan import plan
from palaestra.leaderboards.sweeps.ray_engine import ATTEMPTS, ray_engine
from palaestra.leaderboards.tournament.tournament import tournament
from palaestra.leaderboards.tracks.track import Track
from palaestra.tests.support.ray_nodes import RayNodes, descendants, kill, set_environment

TINY = Track(
    track_id="tiny-v0",
    env_id="TransferGame-v0",
    scenarios={"dilemma": {"horizon": 4}, "drawn": {"game": "random_polymatrix", "players": 3, "horizon": 4}},
    metric="welfare",
    metrics=("welfare",),
    references=("Uniform",),
    seats={},
    seeds=4,
    demo={},
    demo_seeds=2,
    about="More is better.",
)

AGENTS = """
import os, time
from pathlib import Path

import numpy as np
from {name}_beside import PLAY

NOTES = Path({notes!r})

class Quiet:
    batched = False
    def reset(self, task, lanes, seed):
        self.players = task.players
    def act(self, observation):
        return {{"amounts": np.zeros(self.players), "targets": np.zeros(self.players, int), "play": PLAY}}

class Waits(Quiet):
    def act(self, observation):
        (NOTES / str(os.getpid())).touch()
        end = time.monotonic() + 120
        while not (NOTES / "go on").exists() and time.monotonic() < end:
            time.sleep(0.05)
        return super().act(observation)

class Raises(Quiet):
    def act(self, observation):
        return [][3]

class Dies(Quiet):
    def act(self, observation):
        os._exit(7)
"""


pytestmark = pytest.mark.skipif(find_spec("ray") is None, reason="needs Ray: pip install -e '.[ray]'")


@pytest.fixture(scope="module")
def nodes() -> Iterator[RayNodes]:
    set_environment()
    with RayNodes() as started:
        yield started


@pytest.fixture(scope="module")
def engine(nodes: RayNodes) -> Iterator[Engine]:
    with ray_engine(0, nodes.address) as connected:
        yield connected


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A user's module and one beside it that it imports."""
    name = f"agents_{re.sub(r'[^0-9a-z]', '_', str(tmp_path).lower())}"
    (tmp_path / "notes").mkdir()
    (tmp_path / f"{name}.py").write_text(AGENTS.format(name=name, notes=str(tmp_path / "notes")))
    (tmp_path / f"{name}_beside.py").write_text("PLAY = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    return name


def rows(path: Path) -> Any:
    """Every row but for its wall time."""
    return pq.read_table(path).drop(["seconds"]).to_pylist()


def test_rows_and_traces_are_those_of_the_local_engine_though_a_node_dies_in_the_middle(
    nodes: RayNodes, engine: Engine, tmp_path: Path, mine: str
) -> None:
    game = tmp_path / "game.nfg"
    game.write_text('NFG 1 R "one" { "a" "b" } { 2 2 }\n\n1 1 0 2 2 0 1 1\n')
    track = replace(TINY, scenarios={**TINY.scenarios, "file": {"game": str(game), "horizon": 4}})
    jobs = plan(track, [f"{mine}:Waits", "Uniform", f"{mine}:Raises"], 4, lanes=2)
    notes, folder = tmp_path / "notes", tmp_path / "ray"
    inodes: dict[Path, set[int]] = {}
    killed: list[int] = []

    def watch(done: float, now: str) -> None:
        for path in folder.glob("*.parquet"):
            inodes.setdefault(path, set()).add(path.stat().st_ino)
        playing = [pid for pid in descendants(nodes.second.pid) if (notes / str(pid)).exists()]
        if playing and not killed:
            killed.extend(playing)
            kill(nodes.second)
            (notes / "go on").touch()

    failures = engine.run(jobs, folder, watch)
    assert killed, "no job was on the second node"
    assert {failure.job.agent for failure in failures} == {f"{mine}:Raises"} and len(failures) == 6
    assert all(re.search(r"IndexError: .*root-0/agents_\w+\.py:\d+, in act", one.message) for one in failures)
    assert run_locally(jobs, tmp_path / "local", 2)
    names = sorted(path.name for path in (tmp_path / "local").iterdir())
    assert names == sorted(path.name for path in folder.iterdir()) and len(names) == 2 * 12
    for job in jobs:
        if job.agent != f"{mine}:Raises":
            assert trace_path(folder, job).read_bytes() == trace_path(tmp_path / "local", job).read_bytes()
            assert rows(rows_path(folder, job)) == rows(rows_path(tmp_path / "local", job))
    assert all(len(seen) == 1 for seen in inodes.values()), "a result was written twice"


def test_a_round_robin_on_a_cluster_is_the_one_of_this_process(engine: Engine, tmp_path: Path, mine: str) -> None:
    """The user's agent sits in either seat, and is sent for both."""
    names, game = ("BestResponse", f"{mine}:Quiet"), {"game": "stag_hunt"}
    here = tournament(names, game, env_id="TransferGame-v0", rounds=4, seeds=3)
    there = tournament(names, game, env_id="TransferGame-v0", rounds=4, seeds=3, engine=engine, folder=tmp_path / "out")
    assert (here.payoffs == there.payoffs).all() and here.payoffs.any()


def test_a_job_that_kills_its_workers_is_given_up_and_the_others_go_on(
    engine: Engine, tmp_path: Path, mine: str
) -> None:
    jobs = plan(replace(TINY, scenarios={"dilemma": {"horizon": 4}}), [f"{mine}:Dies", "Uniform"], 1)
    (failure,) = engine.run(jobs, tmp_path / "out", None)
    assert failure.job.agent == f"{mine}:Dies" and f"died {ATTEMPTS} times" in failure.message
    assert is_finished(jobs[1], tmp_path / "out")


def test_a_node_with_another_palaestra_is_refused_by_both_fingerprints(engine: Engine, tmp_path: Path) -> None:
    job = plan(TINY, ["Uniform"], 1)[0]
    with pytest.raises(PalaestraError) as refused:
        engine.run([replace(job, code="0.0.0+another")], tmp_path, None)
    assert "0.0.0+another" in str(refused.value) and job.code in str(refused.value)
