"""A board of many agents with made-up scores: what a site is built from when its speed is measured."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from palaestra.core.files import file_digest
from palaestra.leaderboards.submission.agent_digest import official_seeds
from palaestra.leaderboards.submission.claims import track_digest
from palaestra.leaderboards.submission.findings import CertificateRecord, CurveRecord, Findings
from palaestra.leaderboards.submission.log import Entry
from palaestra.leaderboards.submission.manifest import Manifest
from palaestra.leaderboards.sweeps.execute import POINTS
from palaestra.leaderboards.tracks import tracks
from palaestra.leaderboards.tracks.track import Track
from palaestra.metrics import metrics


def synthetic_board(folder: Path, count: int, agents: int, more: int = 0, names: Sequence[str] = ()) -> list[Track]:
    """Write `log.jsonl` and `submissions/`, a third of the agents registered first.

    Args:
        folder: Where to.
        count: Tracks: those that are registered, over and over under other names, as large as they are.
        agents: Of each.
        more: So many on the last track besides.
        names: The tracks that are taken over and over; none: all that are registered.

    Returns:
        The tracks.
    """
    made, entries = renamed_tracks(count, names), list[Entry]()
    for k, track in enumerate(made):
        for number in range(agents + (more if k == count - 1 else 0)):
            _submission(folder, track, number, np.random.default_rng([k, number]), entries)
    (folder / "log.jsonl").write_text("".join(json.dumps(asdict(one), sort_keys=True) + "\n" for one in entries))
    return made


def renamed_tracks(count: int, names: Sequence[str] = ()) -> list[Track]:
    """The named tracks, or all that are registered, over and over under other names."""
    chosen = names or list(tracks)
    return [_renamed(tracks[chosen[k % len(chosen)]].load(), k) for k in range(count)]


def _renamed(track: Track, number: int) -> Track:
    name, _, version = track.track_id.rpartition("-")
    return replace(track, track_id=f"{name}-{number:02}-{version}")


def _submission(folder: Path, track: Track, number: int, chance: Any, entries: list[Entry]) -> None:
    name, author = f"Agent {number:02} of {track.track_id}", f"Author {number % 20}"
    digest = sha256(f"{track.track_id}/{number}".encode()).hexdigest()
    registration = ""
    common = {"on": "2026-11-23", "track": track.track_id, "name": name, "author": author, "digest": digest}
    if number % 3 == 0:
        body = {"folder": "", "manifest": "", "findings": "", "oracle": False, "status": "", "registration": ""}
        entries.append(_after(entries, {"kind": "registration", **common, **body}))
        registration = entries[-1].hash
    home = folder / "submissions" / track.track_id / f"agent-{number:02}"
    _manifest(track, name, author, digest, registration, chance).write(home / "manifest.json")
    manifest = file_digest(home / "manifest.json")
    _findings(track, manifest, chance).write(home / "findings.json")
    body = {"folder": home.name, "manifest": manifest, "findings": file_digest(home / "findings.json")}
    told = {"oracle": number % 10 == 9, "status": "verified", "registration": registration}
    entries.append(_after(entries, {"kind": "submission", **common, **body, **told}))


def _after(entries: Sequence[Entry], body: dict[str, Any]) -> Entry:
    return Entry.after(entries[-1] if entries else None, body)


def _manifest(track: Track, name: str, author: str, digest: str, registration: str, chance: Any) -> Manifest:
    skill = chance.normal()
    seeds = list(official_seeds(track.track_id, digest, track.seeds, registration))
    scenarios = {
        scenario: {
            "shards": [{"file": f"{k:05}.parquet", "digest": digest, "seeds": seeds}],
            "scores": {one: (skill + k + chance.normal(size=track.seeds)).tolist() for one in track.metrics},
        }
        for k, scenario in enumerate(track.scenarios)
    }
    agent = {
        **{"name": name, "author": author, "url": "https://example.org/agent", "target": "agent:Agent", "needs": {}},
        **{"options": {"rate": 0.1}, "files": {"agent.py": digest}, "digest": digest},
        "privileges": {"reveal": "hindsight"} if name.startswith("Agent") and name[7] == "9" else {},
    }
    return Manifest.model_validate(
        {
            **{"track": track.track_id, "track_digest": track_digest(track), "version": "0", "agent": agent},
            **{"scenarios": scenarios, "environment": {"versions": {"python": "3"}, "seconds": 1.0}},
            "registration": registration,
        }
    )


def _findings(track: Track, manifest: str, chance: Any) -> Findings:
    measures = {name: metrics[name].load() for name in track.metrics}
    steps = np.linspace(1, 1000, POINTS).astype(int)
    curves: dict[str, dict[str, CurveRecord]] = {}
    certificates: dict[str, dict[str, CertificateRecord]] = {}
    for name, measure in measures.items():
        for scenario in track.scenarios:
            if measure.curve is not None:
                middle = np.round(1 / np.sqrt(steps) + 0.02 * chance.normal(size=POINTS).cumsum() / 10, 6)
                bound = (3 / np.sqrt(steps)).round(6).tolist() if measure.bound is not None else None
                low, high = (middle - 0.05).tolist(), (middle + 0.05).tolist()
                record = CurveRecord(steps=steps.tolist(), middle=middle.tolist(), low=low, high=high, bound=bound)
                curves.setdefault(name, {})[scenario] = record
            if measure.witness is not None:
                text = f"always playing action {chance.integers(9)} would have earned 0.412 a round more than it did"
                certificates.setdefault(name, {})[scenario] = CertificateRecord(lane=3, seed=17, value=0.412, text=text)
    return Findings(
        manifest=manifest, lanes=track.seeds * len(track.scenarios), curves=curves, certificates=certificates
    )
