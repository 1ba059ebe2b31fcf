"""Honest submissions verify, whoever made them; nothing of the submitter is run, nothing half-written stays behind."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.submission.agent_digest import agent_digest, official_seeds
from palaestra.leaderboards.submission.submit import Submitter, submit
from palaestra.leaderboards.submission.verify import Refused, verify
from palaestra.leaderboards.tracks import tracks
from palaestra.tests.support.tiny_submissions import edit, submitted, tiny_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with tiny_world(tmp_path_factory.mktemp("submissions")) as folder:
        yield folder


@pytest.fixture(scope="module")
def honest(world: Path) -> Path:
    return submitted(world)


@pytest.fixture
def copy(honest: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(honest, tmp_path / "copy"))


def test_an_honest_submission_verifies_and_its_scores_are_recomputed(honest: Path) -> None:
    found = verify(honest)
    assert found.lanes == 12 and not found.oracle and found.findings.status == "verified"
    claimed = found.manifest.scenarios["dilemma"].scores["welfare"]
    np.testing.assert_array_equal(found.scores["dilemma"]["welfare"], claimed)
    assert found.manifest.agent.files.keys() == {"agent_for_submissions.py", "mine.bin"}


@pytest.mark.parametrize("agent", ["Sete", "Uniform", "Hedge"])
def test_reference_agents_are_submitted_through_the_same_door(world: Path, tmp_path: Path, agent: str) -> None:
    track = tracks["tiny-submissions-v0"].load()
    made = submit(track, agent, Submitter(agent, "us"), tmp_path / "out", work=tmp_path / "work", workers=1)
    assert verify(made).manifest.agent.target == agent


def test_a_track_with_partners_seats_them_itself(world: Path, tmp_path: Path) -> None:
    track = tracks["tiny-partners-v0"].load()
    made = submit(track, "Grim", Submitter("x", "us"), tmp_path / "out", work=tmp_path / "work", workers=1)
    assert verify(made).lanes == 6


def test_seeds_follow_from_the_agent_and_the_track(world: Path) -> None:
    digest = agent_digest("agent_for_submissions:Mine").value
    (world / "mine.bin").write_bytes(b"other weights")
    try:
        changed = agent_digest("agent_for_submissions:Mine").value
    finally:
        (world / "mine.bin").write_bytes(b"weights")
    assert changed != digest
    seeds = official_seeds("a-v0", digest, 50)
    assert len(set(seeds)) == 50 and seeds[:3] == official_seeds("a-v0", digest, 3)
    assert not set(seeds) & set(official_seeds("a-v0", changed, 50))
    assert not set(seeds) & set(official_seeds("b-v0", digest, 50))


@pytest.mark.parametrize(("agent", "told"), [("Easier", "compared on one task"), ("Told", "privileges of")])
def test_an_agent_that_asks_for_another_task_is_told_before_it_is_run(
    world: Path, tmp_path: Path, agent: str, told: str
) -> None:
    track = tracks["tiny-submissions-v0"].load()
    with pytest.raises(PalaestraError, match=told):
        submit(track, f"agent_for_submissions:{agent}", Submitter("x", "y"), tmp_path / "out", work=tmp_path / "work")
    assert not list(tmp_path.iterdir())


def test_verifying_runs_no_code_of_the_submitter(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "agent_for_submissions", None)
    assert verify(copy).lanes == 12


def test_findings_of_the_submitter_are_not_read(copy: Path) -> None:
    before = verify(copy).findings
    (copy / "findings.json").write_text('{"status": "verified by myself"}')
    assert verify(copy).findings == before


def test_a_submission_is_never_overwritten_and_a_failed_one_leaves_nothing(honest: Path, world: Path) -> None:
    track = tracks["tiny-submissions-v0"].load()
    with pytest.raises(PalaestraError, match="already exists"):
        submit(track, "Uniform", Submitter("x", "y"), honest, work=world / "work")
    with pytest.raises(PalaestraError, match="There is no agent"):
        submit(track, "Nobody", Submitter("x", "y"), world / "new", work=world / "work")
    assert not (world / "new").exists() and not (world / ".new.part").exists()


def test_the_command_line_verifies_and_refuses(copy: Path) -> None:
    from palaestra.command_line.app import app
    from typer.testing import CliRunner

    fine = CliRunner().invoke(app, ["verify", str(copy), "--json"])
    assert fine.exit_code == 0 and json.loads(fine.stdout)["verified"]
    edit(copy, lambda m: m["scenarios"]["drawn"]["scores"]["welfare"].__setitem__(2, 99.0))
    refused = CliRunner().invoke(app, ["verify", str(copy), "--json"])
    assert refused.exit_code == 1 and "drawn, lane 2" in json.loads(refused.stdout)["reason"]
    with pytest.raises(Refused):
        verify(copy)
