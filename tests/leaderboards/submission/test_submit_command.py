"""`palaestra submit`: what it says before, while and after an agent plays."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from palaestra.command_line.app import app
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.submission.submit import JobsFailed, Submitter, submit
from palaestra.leaderboards.sweeps.work_estimate import WorkEstimate
from palaestra.leaderboards.tracks.track import Track
from palaestra.tests.support.tiny_track import TINY, tiny_track
from typer.testing import CliRunner

FAILING = """
from palaestra.agents.uniform import Uniform

class Failing(Uniform):
    def act(self, observation):
        raise RuntimeError("no more")
"""


@pytest.fixture
def track(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Track]:
    """Registered, in an empty folder that holds a user's module."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "failing_agent.py").write_text(FAILING)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with tiny_track() as found:
        yield found


def run(agent: str, *words: str) -> Any:
    who = ["--agent", agent, "--name", "Mine", "--author", "A. Author", "--workers", "1", "--size", "full"]
    return CliRunner().invoke(app, ["submit", TINY, *who, *words])


def test_the_work_is_estimated_before_it_begins(track: Track) -> None:
    answer = run("Uniform")
    assert answer.exit_code == 0 and "The submission is in submission." in answer.stdout
    assert re.search(r"To do: 2 jobs, 12 lanes, [\d,]+ steps", answer.stderr)
    again = run("Uniform", "--out", "again")
    assert again.exit_code == 0 and "To do" not in again.stderr


def test_the_answer_can_be_json_alone(track: Track) -> None:
    told = json.loads(run("Uniform", "--json").stdout)
    assert (told["submission"], told["failures"], told["estimate"]["jobs"]) == ("submission", [], 2)


def test_an_agent_that_fails_is_a_failure_and_no_bad_input(track: Track) -> None:
    answer = run("failing_agent:Failing")
    assert answer.exit_code == 1 and not answer.stdout
    assert "Failed: failing_agent:Failing in dilemma: RuntimeError: no more" in answer.stderr
    told = run("failing_agent:Failing", "--json")
    document = json.loads(told.stdout)
    assert told.exit_code == 1 and document["submission"] is None and len(document["failures"]) == 2
    assert not Path("submission").exists()


def test_seeds_that_nobody_chose_are_not_shown(track: Track) -> None:
    seen: list[str] = []
    estimates: list[WorkEstimate] = []

    def progress(done: float, total: int, now: str) -> None:
        assert 0 <= done <= total == 2
        seen.append(now)

    submit(
        track,
        "Uniform",
        Submitter("Mine", "A. Author"),
        Path("made"),
        work=Path("work"),
        workers=1,
        progress=progress,
        announce=estimates.append,
    )
    assert "Uniform in dilemma" in seen and not any(", seeds " in now for now in seen)
    assert [estimate.missing for estimate in estimates] == [2]
    with pytest.raises(JobsFailed) as failed:
        submit(track, "failing_agent:Failing", Submitter("x", "y"), Path("new"), work=Path("work"), workers=1)
    assert len(failed.value.messages) == 2 and not any(", seeds " in message for message in failed.value.messages)


@pytest.mark.parametrize("url", ["example.org", "ftp://a.org", "https://a.org/a b"])
def test_an_address_that_is_none_is_refused_in_words(track: Track, url: str) -> None:
    answer = run("Uniform", "--url", url)
    assert isinstance(answer.exception, PalaestraError)
    told = str(answer.exception)
    assert repr(url) in told and "One is http://HOST" in told and "A-Za-z" not in told


def test_what_is_no_agent_is_refused_in_words(track: Track) -> None:
    for agent, reason in (("math:sin", "no source file"), ("numpy:ndarray", "cannot be made"), ("math:pi", "")):
        answer = run(agent)
        assert isinstance(answer.exception, PalaestraError) and reason in str(answer.exception)
    assert run("numpy:array").exit_code == 1
    assert not Path("submission").exists()
