"""A small world to attack submissions in: three tiny tracks, an agent with weights, and ways to tamper."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from palaestra.core.registry import Member
from palaestra.core.traces.trace import Trace
from palaestra.leaderboards.submission.manifest import seal_of
from palaestra.leaderboards.submission.submit import Submitter, submit
from palaestra.leaderboards.tracks import tracks

TRACKS = """
from palaestra.leaderboards.tracks.track import Track

COMMON = {
    "metric": "welfare", "metrics": ("welfare", "agent_normal_form_gain"), "references": ("Uniform",), "demo": {},
    "demo_seeds": 2, "about": "More is better.", "seeds": 6,
}
GAMES = {"dilemma": {"horizon": 4}, "drawn": {"game": "random_polymatrix", "players": 3}}
EXACT = Track(track_id="tiny-submissions-v0", env_id="TransferGame-v0", scenarios=GAMES, seats={}, **COMMON)
LIVE = Track(track_id="tiny-live-v0", env_id="TransferGame-v0", scenarios=GAMES, seats={}, replay="none", **COMMON)
PARTNERS = Track(
    track_id="tiny-partners-v0", env_id="RepeatedGame-v0", seats={"player_1": "TitForTat"},
    scenarios={"dilemma": {"game": "prisoners_dilemma", "memory": 1, "horizon": 12}},
    opponents={}, **(COMMON | {"metric": "mean_payoff", "metrics": ("mean_payoff",)}),
)
"""
AGENT = """
from palaestra.agents.uniform import Uniform

class Mine(Uniform):
    weights = ("mine.bin",)

class Trained(Uniform):
    weights = ("policy.safetensors",)

class Pickled(Uniform):
    weights = ("policy.pt",)

class Easier(Uniform):
    needs = {"horizon": 1}

class Told(Uniform):
    privileges = {"game": "stag_hunt"}
"""
NAMES = {"EXACT": "tiny-submissions-v0", "LIVE": "tiny-live-v0", "PARTNERS": "tiny-partners-v0"}


@contextmanager
def tiny_world(folder: Path) -> Iterator[Path]:
    """The folder, with the modules of an agent and of three tracks that are registered meanwhile."""
    (folder / "tiny_tracks_for_submissions.py").write_text(TRACKS)
    (folder / "agent_for_submissions.py").write_text(AGENT)
    (folder / "mine.bin").write_bytes(b"weights")
    sys.path.insert(0, str(folder))
    for attribute, name in NAMES.items():
        tracks._members[name] = Member(name, "tiny_tracks_for_submissions", attribute)
    try:
        yield folder
    finally:
        sys.path.remove(str(folder))
        for name in NAMES.values():
            tracks._members.pop(name)
        for module in ("tiny_tracks_for_submissions", "agent_for_submissions"):
            sys.modules.pop(module, None)


def submitted(world: Path, track: str = "EXACT", agent: str = "agent_for_submissions:Mine", name: str = "") -> Path:
    """An honest submission in that world."""
    record = tracks[NAMES[track]].load()
    submitter = Submitter("Mine", "A. Author", "https://example.org/mine")
    return submit(record, agent, submitter, world / (name or track.lower()), work=world / "work", workers=1)


def edit(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change the manifest's document, and seal it anew."""
    path = folder / "manifest.json"
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document | {"seal": seal_of(json.dumps(document).encode())}))


def restamp(folder: Path) -> None:
    """Make the manifest name the digests of the traces as they are now, as a careful cheat would."""

    def stamp(document: dict[str, Any]) -> None:
        for record in document["scenarios"].values():
            for shard in record["shards"]:
                path = folder / "traces" / shard["file"]
                shard["digest"] = sha256(path.read_bytes()).hexdigest()

    edit(folder, stamp)


def rewrite(folder: Path, change: Callable[[Trace], Trace]) -> None:
    """Change the first trace and, as a careful cheat would, its digest in the manifest."""
    path = folder / "traces" / "00000.parquet"
    change(Trace.load(path)).save(path)
    restamp(folder)


def played(trace: Trace, player: int, step: int, lane: int, action: int) -> Trace:
    """The trace with one play changed."""
    actions = [dict(own) for own in trace.actions]
    actions[player]["play"] = np.array(actions[player]["play"])
    actions[player]["play"][step, lane] = action
    return replace(trace, actions=tuple(actions))


def other(trace: Trace) -> int:
    """The action that player 0 did not play in step 1 of lane 2."""
    return 1 - int(trace.actions[0]["play"][1, 2])
