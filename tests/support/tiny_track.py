"""A track of twelve lanes and agents on it, so that submissions in tests are made through the real door."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from palaestra.core.registry import Member
from palaestra.leaderboards.submission.submit import Submitter, submit
from palaestra.leaderboards.tracks import tracks
from palaestra.leaderboards.tracks.track import Track

TINY = "tiny-v0"
TRACK: Mapping[str, Any] = {
    "track_id": TINY,
    "env_id": "TransferGame-v0",
    "scenarios": {"dilemma": {"horizon": 4}, "drawn": {"game": "random_polymatrix", "players": 3}},
    "metric": "welfare_ratio",
    "metrics": ("welfare_ratio", "agent_normal_form_gain"),
    "references": ("Uniform",),
    "seats": {},
    "seeds": 6,
    "demo": {},
    "demo_seeds": 2,
    "about": "More is better.",
}


@contextmanager
def tiny_track(**changes: Any) -> Iterator[Track]:
    """The track, registered while the block runs."""
    track = Track(**{**TRACK, **changes})
    attribute = f"made_{track.track_id}"
    globals()[attribute] = track
    tracks._members[track.track_id] = Member(track.track_id, __name__, attribute)
    try:
        yield track
    finally:
        del tracks._members[track.track_id], globals()[attribute]


def submitted(track: Track, folder: Path, agent: str, name: str = "", author: str = "A. Author", **more: Any) -> Path:
    """A submission of a registered agent, in FOLDER/NAME."""
    who = Submitter(name or agent, author, "https://example.org")
    return submit(track, agent, who, folder / (name or agent), work=folder / "work", workers=1, **more)
