"""A verifier needs memory for one trace, however many there are."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from palaestra import rules
from palaestra.benchmarks.synthetic_submission import registered, write_submission
from palaestra.leaderboards import tracks
from palaestra.leaderboards.submission import shards
from palaestra.leaderboards.submission.shards import numbers_a_step, shard_lanes
from palaestra.leaderboards.submission.verify import verify
from palaestra.leaderboards.track import Track


@pytest.fixture
def tracks_of_the_test() -> Any:
    before = set(tracks)
    yield
    for name in set(tracks) - before:
        tracks._members.pop(name)


def _peak(track: Track, folder: Path) -> int:
    """Bytes that verifying takes at most, Python's and numpy's."""
    write_submission(track, folder)
    verify(folder)
    tracemalloc.start()
    try:
        assert verify(folder).lanes == track.seeds
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_number_of_traces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tracks_of_the_test: Any
) -> None:
    monkeypatch.setattr(shards, "NUMBERS_A_SHARD", 200_000)  # of 40 rounds with 411 numbers each: 12 lanes
    few, many = registered(24, 40, 400), registered(120, 40, 400)
    one, ten = _peak(few, tmp_path / "few"), _peak(many, tmp_path / "many")
    assert len(list((tmp_path / "few/traces").iterdir())) == 2 and len(list((tmp_path / "many/traces").iterdir())) == 10
    assert ten < 1.3 * one
    whole = 120 * 40 * 411 * 8
    assert ten < 0.6 * whole, "less than all numbers at once"


def test_a_trace_is_as_large_as_its_numbers_allow(tracks_of_the_test: Any) -> None:
    """Numbers are what a replay records: actions, rewards, and what scorers see."""
    track = registered(1000, 10_000, 5)
    assert numbers_a_step(rules(track.env_id, **track.scenarios["bandit"])) == 5 + 1 + 10
    assert shard_lanes(track) == 100
    assert shard_lanes(registered(1000, 10_000, 50)) == 20_000_000 // (10_000 * 61)
    assert shard_lanes(registered(3, 10_000_000, 5)) == 1, "one lane alone may be larger"
