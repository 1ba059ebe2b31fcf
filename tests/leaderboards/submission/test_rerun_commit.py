"""Whoever runs a reference again with another palaestra is told which one it was made with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from palaestra.leaderboards.submission import rerun as running
from palaestra.leaderboards.submission.agent_digest import AgentDigest, agent_digest
from palaestra.leaderboards.submission.manifest import Manifest
from palaestra.leaderboards.submission.verify import Refused
from palaestra.leaderboards.tracks.track import Track
from palaestra.tests.support.tiny_submissions import edit
from palaestra.tests.support.tiny_track import submitted, tiny_track


@pytest.fixture
def track() -> Iterator[Track]:
    with tiny_track() as found:
        yield found


@pytest.mark.parametrize("commit", ["", "c" * 40])
def test_a_reference_of_another_palaestra_is_refused_with_the_commit_that_it_was_made_at(
    track: Track, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commit: str
) -> None:
    made = submitted(track, tmp_path, "Hedge")
    edit(made, lambda document: document["environment"].update(commit=commit))

    def of_another_palaestra(agent: str) -> AgentDigest:
        return replace(agent_digest(agent), files={"palaestra": "0" * 64})

    monkeypatch.setattr(running, "agent_digest", of_another_palaestra)
    version = Manifest.read(made / "manifest.json").version
    due = f"made at commit {commit} of palaestra: check that out" if commit else f"unknown, version {version}"
    with pytest.raises(Refused, match=due):
        running.rerun(made, "Hedge")
    with pytest.raises(Refused, match=r"it is Sete\{\}, not Hedge"):
        running.rerun(made, "Sete")
