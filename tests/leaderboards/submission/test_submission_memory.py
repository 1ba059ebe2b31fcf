"""A verifier needs memory for one trace, however many there are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from palaestra import rules
from palaestra.benchmarks.synthetic_submission import registered, write_submission
from palaestra.leaderboards.submission import shards
from palaestra.leaderboards.submission.shards import numbers_a_step, shard_lanes
from palaestra.leaderboards.tracks import tracks


@pytest.fixture
def tracks_of_the_test() -> Any:
    before = set(tracks)
    yield
    for name in set(tracks) - before:
        tracks._members.pop(name)


PROGRAM = """
import re, sys
from pathlib import Path
from palaestra.benchmarks.synthetic_submission import registered
from palaestra.leaderboards.submission import shards
from palaestra.leaderboards.submission.verify import verify

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1000

home, shards.NUMBERS_A_SHARD = Path(sys.argv[1]), int(sys.argv[2])
for lanes in sys.argv[3:]:
    registered(int(lanes), 40, 400)
    verify(home / lanes)
    print(peak())
"""
"""Peaks of the whole process, in MB: Arrow, numpy and zstd take memory that Python does not know of."""
NUMBERS, FEW, MANY = 200_000, 24, 960


def test_memory_does_not_grow_with_the_number_of_traces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tracks_of_the_test: Any
) -> None:
    monkeypatch.setattr(shards, "NUMBERS_A_SHARD", NUMBERS)  # of 40 rounds with 411 numbers each: 12 lanes
    for lanes, traces in ((FEW, 2), (MANY, 80)):
        write_submission(registered(lanes, 40, 400), tmp_path / f"{lanes}")
        assert len(list((tmp_path / f"{lanes}/traces").iterdir())) == traces
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), *map(str, (NUMBERS, FEW, MANY))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    few, many = map(float, done.stdout.split())
    whole = MANY * 40 * 411 * 8 / 1e6
    assert whole > 120 and many - few < 15, "MB; forty times as many numbers, and nothing that grows with them"


def test_a_trace_is_as_large_as_its_numbers_allow(tracks_of_the_test: Any) -> None:
    """Numbers are what a replay records: actions, rewards, and what scorers see."""
    track = registered(1000, 10_000, 5)
    assert numbers_a_step(rules(track.env_id, **track.scenarios["bandit"])) == 5 + 1 + 10
    assert shard_lanes(track) == 100
    assert shard_lanes(registered(1000, 10_000, 50)) == 20_000_000 // (10_000 * 61)
    assert shard_lanes(registered(3, 10_000_000, 5)) == 1, "one lane alone may be larger"
