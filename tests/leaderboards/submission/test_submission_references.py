"""Honest submissions of every reference agent of every track verify, at demo size."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from palaestra.core.registry import Member
from palaestra.leaderboards.submission.submit import Submitter, submit
from palaestra.leaderboards.submission.verify import verify
from palaestra.leaderboards.tracks import tracks
from palaestra.leaderboards.tracks.track import Track

SLOW = {"data-acquisition-v0", "repeated-adaptive-v0"}
CASES = [
    pytest.param(name, agent, marks=[pytest.mark.slow] if name in SLOW else [])
    for name in tracks
    for agent in tracks[name].load().references
]


class _Given(Member[Track]):
    """A registry's member that is there already."""

    track: Track

    def __init__(self, track: Track) -> None:
        super().__init__(track.track_id, "palaestra.tests", "given")
        object.__setattr__(self, "track", track)

    def load(self) -> Track:
        return self.track


@contextmanager
def small(name: str) -> Iterator[Track]:
    """The track with its demo's options and two seeds, in its first (and, if quick, last) scenario, by its own name."""
    whole, member = tracks[name].load(), tracks._members[name]
    options = {scenario: {**own, **whole.demo} for scenario, own in whole.scenarios.items()}
    names = list(options)[:1] if name in SLOW else [next(iter(options)), list(options)[-1]]
    kept = {scenario: options[scenario] for scenario in names}
    opponents = {scenario: own for scenario, own in whole.opponents.items() if scenario in kept}
    given: Any = _Given(replace(whole, scenarios=kept, opponents=opponents, seeds=2, demo={}))
    tracks._members[name] = given
    try:
        yield given.track
    finally:
        tracks._members[name] = member


@pytest.mark.parametrize(("name", "agent"), CASES)
def test_a_reference_agent_is_submitted_and_verified(name: str, agent: str, tmp_path: Path) -> None:
    with small(name) as track:
        made = submit(track, agent, Submitter(agent, "us"), tmp_path / "made", work=tmp_path / "work", workers=1)
        found = verify(made)
    assert found.findings.status == "verified" and found.lanes == 2 * len(track.scenarios)
    for scenario, own in found.scores.items():
        for metric, values in own.items():
            np.testing.assert_array_equal(values, found.manifest.scenarios[scenario].scores[metric])
