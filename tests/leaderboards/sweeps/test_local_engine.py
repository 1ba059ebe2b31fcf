"""The local engine (DESIGN §6): a run that is killed at any moment loses no finished job."""

from __future__ import annotations

import json
import pickle
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import palaestra
import pyarrow.parquet as pq
import pytest
from palaestra.command_line.app import app
from palaestra.command_line.run_bench import fresh_folder
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.sweeps.bench import bench
from palaestra.leaderboards.sweeps.execute import rows_path, trace_path
from palaestra.leaderboards.sweeps.job import Job
from palaestra.leaderboards.sweeps.local_engine import is_finished, run_locally
from palaestra.leaderboards.sweeps.plan import plan
from palaestra.leaderboards.tracks.track import Track
from typer.testing import CliRunner

TINY = Track(
    track_id="tiny-v0",
    env_id="TransferGame-v0",
    scenarios={"dilemma": {}, "drawn": {"game": "random_polymatrix", "players": 3}},
    metric="welfare",
    metrics=("welfare",),
    references=("Uniform",),
    seats={},
    seeds=10,
    demo={"horizon": 4},
    demo_seeds=3,
    about="More is better.",
)

AGENTS = """
import os, time
import numpy as np

class Quiet:
    batched = False
    def reset(self, task, lanes, seed):
        self.players = task.players
    def act(self, observation):
        return {"amounts": np.zeros(self.players), "targets": np.zeros(self.players, int), "play": 0}

class Slow(Quiet):
    def act(self, observation):
        time.sleep(0.2)
        return super().act(observation)

class Raises(Quiet):
    def act(self, observation):
        return [][3]

class Illegal(Quiet):
    def act(self, observation):
        return super().act(observation) | {"play": 99}

class Dies(Quiet):
    def act(self, observation):
        os._exit(7)
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module of a user's own agents, importable here and in worker processes under a name of its own."""
    name = f"agents_{re.sub(r'[^0-9a-z]', '_', str(tmp_path).lower())}"
    (tmp_path / f"{name}.py").write_text(AGENTS)
    monkeypatch.syspath_prepend(tmp_path)
    return name


def rows(jobs: list[Job], folder: Path) -> list[dict[str, Any]]:
    """Every row but for its wall time, in one order."""
    found = [row for job in jobs for row in pq.read_table(rows_path(folder, job)).drop(["seconds"]).to_pylist()]
    return sorted(found, key=lambda row: (row["agent"], row["scenario"], row["seed"]))


def stamps(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()}


# --- what a job is


def test_a_jobs_key_changes_with_everything_that_determines_its_rows() -> None:
    job = plan(TINY, ["Uniform"], 3)[0]
    others = [
        replace(job, env_id="Other-v0"),
        replace(job, scenario="other"),
        replace(job, options={"horizon": 8}),
        replace(job, agent="Other"),
        replace(job, seats={"player_1": "Uniform"}),
        replace(job, seeds=(0, 1)),
        replace(job, metrics=("welfare", "budget_balance")),
        replace(job, code="another version"),
        replace(job, files={"agent.py": "another digest"}),
    ]
    assert len({job.key, *(other.key for other in others)}) == 1 + len(others)
    assert replace(job, options=dict(reversed(list(job.options.items())))).key == job.key


def test_an_edited_agent_is_another_job(mine: str, tmp_path: Path) -> None:
    before = plan(TINY, [f"{mine}:Quiet"], 3)[0].key
    assert plan(TINY, [f"{mine}:Quiet"], 3)[0].key == before
    with open(tmp_path / f"{mine}.py", "a") as file:
        file.write("\n# changed\n")
    assert plan(TINY, [f"{mine}:Quiet"], 3)[0].key != before


def test_an_edited_file_among_the_options_is_another_job(tmp_path: Path) -> None:
    game = tmp_path / "game.nfg"
    game.write_text('NFG 1 R "one" { "a" "b" } { 2 2 }\n\n1 1 0 2 2 0 1 1\n')
    track = replace(TINY, scenarios={"file": {}})
    before = plan(track, ["Uniform"], 3, {"game": str(game)})[0].key
    game.write_text('NFG 1 R "one" { "a" "b" } { 2 2 }\n\n1 1 0 2 2 0 1 9\n')
    assert plan(track, ["Uniform"], 3, {"game": str(game)})[0].key != before


def test_options_go_over_demo_options_go_over_the_scenarios_own() -> None:
    track = replace(TINY, scenarios={"one": {"horizon": 2, "game": "stag_hunt"}})
    assert track.options("one", {}, demo=False) == {"horizon": 2, "game": "stag_hunt"}
    assert track.options("one", {}, demo=True)["horizon"] == 4
    assert track.options("one", {"horizon": 6}, demo=True)["horizon"] == 6


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"agents": ["Unifrom"]}, "Did you mean 'Uniform'"),
        ({"agents": ["Uniform", "Uniform"]}, "named twice"),
        ({"agents": ["no_such_module:Agent"]}, "no_such_module"),
        ({"agents": ["json:dumps", "json:nothing"]}, "no 'nothing'"),
        ({"overrides": {"horizn": 4}}, "Did you mean 'horizon'"),
        ({"seeds": 0}, "at least 1"),
    ],
)
def test_bad_input_is_refused_before_anything_runs(arguments: dict[str, Any], told: str) -> None:
    with pytest.raises(PalaestraError, match=re.escape(told)):
        whole: dict[str, Any] = {"agents": ["Uniform"], "seeds": 3} | arguments
        plan(TINY, **whole)


# --- the local engine


def test_rows_are_the_same_whatever_the_shards_and_processes(tmp_path: Path, mine: str) -> None:
    """DESIGN §1, promise 2: a run cut into shards gives the same rows as the run in one piece."""
    names = ["Uniform", f"{mine}:Quiet"]
    found = []
    for lanes, workers in ((10, 1), (3, 2)):
        jobs, folder = plan(TINY, names, 10, lanes=lanes), tmp_path / f"{lanes}"
        assert run_locally(jobs, folder, workers) == []
        found.append(rows(jobs, folder))
    assert found[0] == found[1]
    assert len(found[0]) == 2 * 2 * 10
    assert len({row["welfare"] for row in found[0]}) > 5  # the rows are not all alike


def test_a_finished_job_is_never_run_or_written_again(tmp_path: Path, mine: str) -> None:
    few = plan(TINY, [f"{mine}:Quiet"], 4, lanes=2)
    run_locally(few, tmp_path / "out", 1)
    before = stamps(tmp_path / "out")
    more = plan(TINY, [f"{mine}:Quiet"], 6, lanes=2)
    assert run_locally(more, tmp_path / "out", 1) == []
    after = stamps(tmp_path / "out")
    assert {name: after[name] for name in before} == before
    assert len(after) == 2 * len(more) > len(before)


def test_rows_are_what_the_stored_trace_gives_when_it_is_replayed(tmp_path: Path) -> None:
    jobs = plan(TINY, ["Uniform"], 4)
    run_locally(jobs, tmp_path, 1)
    for job in jobs:
        trace = palaestra.load_trace(trace_path(tmp_path, job))
        assert trace.seeds == job.seeds and set(trace.agents) == {"Uniform"}
        again = palaestra.evaluate(palaestra.replay(trace), job.metrics)
        stored = pq.read_table(rows_path(tmp_path, job))
        assert stored["welfare"].to_pylist() == again["welfare"].tolist()
        assert json.loads(stored.schema.metadata[b"palaestra.job"])["scenario"] == job.scenario


SCRIPT = """
import pickle, sys
from pathlib import Path

if __name__ == "__main__":
    from palaestra.leaderboards.sweeps.local_engine import run_locally

    run_locally(pickle.loads(Path(sys.argv[1]).read_bytes()), Path(sys.argv[2]), 2)
"""


def _until(ready: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT], ids=["SIGKILL", "Ctrl-C"])
def test_a_run_killed_in_the_middle_loses_nothing_finished_and_goes_on(
    tmp_path: Path, mine: str, blow: signal.Signals
) -> None:
    folder, agent = tmp_path / "out", f"{mine}:Slow"
    jobs = plan(TINY, [agent], 4, lanes=1)
    (tmp_path / "script.py").write_text(SCRIPT)
    (tmp_path / "jobs").write_bytes(pickle.dumps(jobs))
    command = [sys.executable, str(tmp_path / "script.py"), str(tmp_path / "jobs"), str(folder)]
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        _until(lambda: sum(is_finished(job, folder) for job in jobs) >= 2)
    finally:
        running.send_signal(blow)
    assert running.wait(60) != 0
    finished = [job for job in jobs if is_finished(job, folder)]
    assert 2 <= len(finished) < len(jobs)
    before = stamps(folder)
    assert run_locally(jobs, folder, 2) == []
    after = stamps(folder)
    kept = [path.name for job in finished for path in (rows_path(folder, job), trace_path(folder, job))]
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert not list(folder.glob("*.part")) and all(is_finished(job, folder) for job in jobs)
    whole = plan(TINY, [f"{mine}:Quiet"], 4)  # the same play in one piece, without sleep
    run_locally(whole, tmp_path / "whole", 1)
    assert [row["welfare"] for row in rows(jobs, folder)] == [row["welfare"] for row in rows(whole, tmp_path / "whole")]


@pytest.mark.parametrize(
    ("agent", "told"),
    [("Raises", "IndexError"), ("Illegal", "player_0"), ("Dies", "exit code 7")],
)
def test_a_job_that_fails_is_named_and_the_others_go_on(tmp_path: Path, mine: str, agent: str, told: str) -> None:
    made = bench(TINY, [f"{mine}:{agent}", "Uniform"], folder=tmp_path, seeds=3, workers=1)
    assert [failure.job.agent for failure in made.failures] == [f"{mine}:{agent}"] * 2
    assert all(told in failure.message for failure in made.failures)
    assert [line.agent for line in made.lines] == ["Uniform"]
    assert [failure["agent"] for failure in made.document["failures"]] == [f"{mine}:{agent}"] * 2


def test_the_benchmarked_agent_takes_the_seats_that_the_track_leaves_free(tmp_path: Path, mine: str) -> None:
    track = replace(TINY, scenarios={"dilemma": {}}, seats={"player_1": "Uniform"})
    jobs = plan(track, [f"{mine}:Quiet"], 2)
    run_locally(jobs, tmp_path, 1)
    assert palaestra.load_trace(trace_path(tmp_path, jobs[0])).agents == (f"{mine}:Quiet", "Uniform")
    with pytest.raises(PalaestraError, match="no seats"):
        plan(replace(TINY, seats={"mediator_0": "Uniform"}), ["Uniform"], 2)
    with pytest.raises(PalaestraError, match="every seat is taken"):
        plan(replace(track, seats={"player_0": "Uniform", "player_1": "Uniform"}), ["Uniform"], 2)


def test_progress_ends_at_the_number_of_jobs(tmp_path: Path) -> None:
    seen: list[tuple[float, int]] = []
    bench(TINY, folder=tmp_path, demo=True, workers=1, progress=lambda done, total, now: seen.append((done, total)))
    assert seen[-1] == (2, 2) and sorted(seen) == seen


def test_a_fresh_run_goes_to_a_new_folder(tmp_path: Path) -> None:
    assert fresh_folder(tmp_path / "results") == tmp_path / "results"
    (tmp_path / "results").mkdir()
    (tmp_path / "results-2").mkdir()
    assert fresh_folder(tmp_path / "results") == tmp_path / "results-3"


def test_an_agent_that_is_a_reference_already_is_benchmarked_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["bench", "transfer-welfare-v0", "--only-agents", "Uniform", "--agent", "Uniform", "--agent", "Sete"]
    done = CliRunner().invoke(app, [*words, "--seeds", "2", "--option", "horizon=4", "--workers", "1", "--json"])
    assert done.exit_code == 0, done.exception
    assert {line["agent"] for line in json.loads(done.stdout)["agents"]} == {"Uniform", "Sete"}
