"""Check a manifest's claims against everything that is known without a replay."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from hashlib import sha256

from ...core.errors import PalaestraError
from ...core.version import VERSION
from ..tracks.track import Track
from .agent_digest import digest_of_agent, official_seeds
from .log import Entry, find_registration
from .manifest import Manifest, ScenarioRecord
from .privileges import check_declared_privileges, check_needs_and_privileges
from .shards import shard_lanes, shards_of

_TOLD = ("about", "pictures", "references", "demo", "demo_seeds")
"""Fields of a track that decide no score."""


def track_digest(track: Track) -> str:
    """SHA-256 of everything in a track that decides scores."""
    decides = {field.name: getattr(track, field.name) for field in fields(track) if field.name not in _TOLD}
    text = json.dumps(decides, sort_keys=True)
    return sha256(text.encode()).hexdigest()


def played_track(track: Track, manifest: Manifest) -> Track:
    """The track at the size at which a submission was played; at full size where it is of neither."""
    demo = track.sized("demo")
    return demo if manifest.track_digest == track_digest(demo) else track


def check_claims(track: Track, manifest: Manifest, log: Sequence[Entry]) -> None:
    """The version, the track, the agent's digest, the seeds that follow from it, and the shape of everything else.

    Args:
        track: The registered track that the manifest names.
        manifest: What is claimed.
        log: The board's, where the manifest may name a registration.

    Raises:
        PalaestraError: The first claim that does not hold.
    """
    find_registration(log, manifest)
    if manifest.version != VERSION:
        raise PalaestraError(f"It was made with palaestra {manifest.version}, but this is {VERSION}: submit it again.")
    if manifest.track_digest != track_digest(track):
        raise PalaestraError(f"The track {track.track_id} that it was made for has other scenarios, seats or metrics.")
    agent = manifest.agent
    if agent.digest != digest_of_agent(agent.target, agent.options, agent.files):
        raise PalaestraError("The agent's digest is not that of its target, options and files.")
    check_needs_and_privileges(track, agent.needs, agent.privileges)
    check_declared_privileges(agent)
    if list(manifest.scenarios) != list(track.scenarios):
        raise PalaestraError(
            f"Scenarios {list(manifest.scenarios)} are not the track's in its order, {list(track.scenarios)}."
        )
    if manifest.weights and track.replay == "exact":
        raise PalaestraError(f"{track.track_id} is replayed exactly, so its submissions carry no weights.")
    for name, digest in manifest.weights.items():
        if not any(own == digest and file.endswith(f"{name}.safetensors") for file, own in agent.files.items()):
            raise PalaestraError(f"The weights {name!r} are not among the files of the agent's digest.")
    official = official_seeds(track.track_id, agent.digest, track.seeds, manifest.registration)
    lanes = shard_lanes(track)
    for scenario, record in manifest.scenarios.items():
        _check_scenario(scenario, record, track, official, lanes)
    names = [shard.file for record in manifest.scenarios.values() for shard in record.shards]
    if len(set(names)) != len(names):
        raise PalaestraError("A trace is named twice.")


def _check_scenario(scenario: str, record: ScenarioRecord, track: Track, official: Sequence[int], lanes: int) -> None:
    seeds = [seed for shard in record.shards for seed in shard.seeds]
    if len(seeds) != track.seeds:
        raise PalaestraError(f"{scenario}: {len(seeds)} lanes were played, but the track asks for {track.seeds}.")
    for lane, (seed, due) in enumerate(zip(seeds, official, strict=True)):
        if seed != due:
            raise PalaestraError(
                f"{scenario}, lane {lane}: the seed {seed} is not official; the official seed is {due}."
            )
    if [len(shard.seeds) for shard in record.shards] != [len(own) for own in shards_of(official, lanes)]:
        raise PalaestraError(f"{scenario}: its traces must hold {lanes} lanes each, and the last one the rest.")
    if record.scores.keys() != set(track.metrics):
        raise PalaestraError(f"{scenario}: scores {sorted(record.scores)} are not the track's metrics.")
    for name, values in record.scores.items():
        if len(values) != len(seeds):
            raise PalaestraError(f"{scenario}: {len(values)} values of {name} for {len(seeds)} lanes.")
