"""`palaestra bench` prints an estimate of the work that is left before it begins."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from palaestra.command_line.app import main
from palaestra.leaderboards.sweeps.calibration import calibrate
from palaestra.leaderboards.sweeps.execute import rows_path
from palaestra.leaderboards.sweeps.job import Job
from palaestra.leaderboards.sweeps.local_engine import run_locally
from palaestra.leaderboards.sweeps.plan import plan
from palaestra.leaderboards.sweeps.work_estimate import SECONDS_TO_START, WorkEstimate, work_estimate
from palaestra.leaderboards.tracks.track import Track

TINY = Track(
    track_id="tiny-v0",
    env_id="TransferGame-v0",
    scenarios={"short": {"horizon": 4}, "long": {"horizon": 40}},
    metric="welfare",
    metrics=("welfare",),
    references=("Uniform",),
    seats={},
    seeds=6,
    demo={},
    demo_seeds=2,
    about="More is better.",
)

AGENTS = """
import os, time

class Raises:
    batched = False
    def reset(self, task, lanes, seed):
        print("an agent may print")
    def act(self, observation):
        return [][3]

class Hangs(Raises):
    def act(self, observation):
        time.sleep(600)

class Dies(Raises):
    def act(self, observation):
        os._exit(7)
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    name = f"guessed_{re.sub(r'[^0-9a-z]', '_', str(tmp_path).lower())}"
    (tmp_path / f"{name}.py").write_text(AGENTS)
    monkeypatch.syspath_prepend(tmp_path)
    return name


def a_second_a_lane(jobs: Sequence[Job]) -> Mapping[str, float]:
    return {job.key: float(len(job.seeds)) for job in jobs}


def nobody(jobs: Sequence[Job]) -> Mapping[str, float]:
    return {}


def never(jobs: Sequence[Job]) -> Mapping[str, float]:
    raise AssertionError("what is known already was measured again")


def test_jobs_lanes_and_steps_that_are_missing_are_counted(tmp_path: Path) -> None:
    jobs = plan(TINY, ["Uniform", "Sete"], 6, lanes=2)
    run_locally(jobs[:1], tmp_path, 1)
    found = work_estimate(jobs, tmp_path, 2, a_second_a_lane)
    assert (found.jobs, found.missing, found.workers) == (12, 11, 2)
    assert found.lanes == 2 * 11 and found.steps == 2 * (5 * 4 + 6 * 40)


def test_whoever_is_free_takes_the_next_job(tmp_path: Path) -> None:
    jobs = plan(replace(TINY, scenarios={"short": {"horizon": 4}}), ["Uniform"], 6, lanes=2)
    found = [work_estimate(jobs, tmp_path, workers, a_second_a_lane).seconds for workers in (1, 2, 3, 9)]
    assert found == [SECONDS_TO_START + seconds for seconds in (6, 4, 2, 2)], "the start of the workers counts once"


def test_a_scenario_not_reached_in_time_is_as_slow_for_an_agent_as_for_others(tmp_path: Path) -> None:
    jobs = plan(TINY, ["Uniform", "Sete"], 2)
    pace = {("Uniform", "short"): 1.0, ("Uniform", "long"): 3.0, ("Sete", "short"): 10.0}
    steps = {"short": 2 * 4, "long": 2 * 40}

    def some(asked: Sequence[Job]) -> Mapping[str, float]:
        known = {job.key: (job.agent, job.scenario) for job in asked if (job.agent, job.scenario) in pace}
        return {key: pace[kind] * steps[kind[1]] for key, kind in known.items()}

    found = work_estimate(jobs, tmp_path, 1, some)
    assert found.seconds == pytest.approx(SECONDS_TO_START + 8 * (1.0 + 10.0) + 80 * (3.0 + 30.0))
    assert found.guessed and "estimated from a short trial" in found.text


def test_agents_of_which_nothing_is_known_are_named(tmp_path: Path) -> None:
    jobs = plan(TINY, ["Uniform", "Sete"], 2)
    assert work_estimate(jobs, tmp_path, 2, nobody).seconds is None
    assert "unknown" in work_estimate(jobs, tmp_path, 2, nobody).text
    found = work_estimate(jobs, tmp_path, 1, lambda asked: a_second_a_lane([j for j in asked if j.agent == "Sete"]))
    assert (
        found.unknown == ("Uniform",)
        and found.seconds == pytest.approx(SECONDS_TO_START + 4)
        and "an unknown time for Uniform" in found.text
    )


def test_earlier_results_tell_the_time_and_nothing_is_played(tmp_path: Path) -> None:
    track = replace(TINY, scenarios={"one": {"horizon": 4}})
    done = plan(track, ["Uniform"], 4)
    run_locally(done, tmp_path, 1)
    seconds = float(pq.read_schema(rows_path(tmp_path, done[0])).metadata[b"palaestra.seconds"])
    longer = plan(track, ["Uniform"], 4, {"horizon": 12})
    found = work_estimate(longer, tmp_path, 1, never)
    assert found.seconds == pytest.approx(SECONDS_TO_START + 3 * seconds) and not found.guessed
    assert "from earlier results" in found.text
    other = plan(track, ["Uniform"], 4, {"game": "stag_hunt"})  # another game may take another time
    assert work_estimate(other, tmp_path, 1, nobody).seconds is None
    assert work_estimate(done, tmp_path, 1, never) == WorkEstimate(1, 0)


def test_agents_that_raise_hang_or_die_are_left_out_of_a_calibration(mine: str) -> None:
    jobs = {
        name: plan(TINY, [name], 2)[0] for name in ("Uniform", *(f"{mine}:{x}" for x in ("Raises", "Hangs", "Dies")))
    }
    assert calibrate([jobs[f"{mine}:Raises"], jobs["Uniform"], jobs[f"{mine}:Dies"]], 20).keys() == {
        jobs["Uniform"].key
    }
    assert calibrate([jobs["Uniform"], jobs[f"{mine}:Hangs"]], 2).keys() <= {jobs["Uniform"].key}


def test_bench_says_it_once_on_standard_error_and_in_its_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = "bench transfer-welfare-v0 --only-agents Uniform --seeds 2 --option horizon=4 --workers 1 --json"
    said = []
    for _ in range(2):
        monkeypatch.setattr(sys, "argv", ["palaestra", *words.split()])
        with pytest.raises(SystemExit):
            main()
        said.append(capsys.readouterr())
    first, again = (json.loads(one.out)["estimate"] for one in said)
    assert re.search(r"To do: 4 jobs, 8 lanes, 32 steps; about \d+ s on 1 worker|unknown", said[0].err)
    assert (first["jobs"], first["missing"], first["steps"]) == (4, 4, 32)
    assert "To do" not in said[1].err and again["missing"] == 0
