"""Verify a submission: everything is recomputed from seeds and actions, and nothing of the submitter is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...core.arena import replay
from ...core.errors import PalaestraError
from ...core.trace import Trace
from ...core.version import VERSION
from ..track import Track
from .agent_digest import digest_of_agent
from .findings import Finder, Findings, by_metric
from .log import Entry, registered
from .manifest import Manifest, ScenarioRecord, ShardRecord, file_digest
from .official_seeds import official_seeds
from .signature import NAME, signed_by
from .submit import NUMBERS_A_SHARD, track_digest

TOLERANCE = 1e-9
"""Greatest relative difference of a float between the submitter's numpy and the verifier's that is let pass."""

MOST_TRACE_BYTES = 1 << 30


class Refused(PalaestraError):
    """A submission that is not what it claims to be; the message names the first difference."""


@dataclass(frozen=True)
class Verified:
    """A submission that holds.

    Attributes:
        manifest: What it claims.
        scores: Scenario -> metric -> one value a lane, as recomputed.
        lanes: Lanes replayed in all.
        findings: What the verifier found beside the scores: curves, certificates, who signed.
    """

    manifest: Manifest
    scores: Mapping[str, Mapping[str, Any]]
    lanes: int
    findings: Findings

    @property
    def oracle(self) -> bool:
        """It was told more than others are."""
        return bool(self.manifest.agent.privileges)


def verify(
    folder: Path, *, log: Sequence[Entry] = (), progress: Callable[[int, int, str], None] | None = None
) -> Verified:
    """Recompute every score of a submission and compare.

    Traces are replayed one by one, so memory is bounded by the largest that is allowed.

    Args:
        folder: `manifest.json` and `traces/`.
        log: The board's, where the manifest may name a registration.
        progress: Called with (traces done, traces, what is replayed).

    Raises:
        Refused: The first thing that is not as claimed: track, scenario, lane and step where there are any.
    """
    from ...metrics import metrics
    from .. import tracks

    try:
        manifest = Manifest.read(folder / "manifest.json")
        if manifest.track not in tracks:
            raise PalaestraError(f"There is no track {manifest.track!r}.")
        track = tracks[manifest.track].load()
        registered(log, manifest)
        _check_claims(track, manifest)
        _check_files(folder, manifest)
        key = signed_by(folder)
    except PalaestraError as error:
        raise Refused(str(error)) from error
    measures = {name: metrics[name].load() for name in track.metrics}
    total, done = sum(len(record.shards) for record in manifest.scenarios.values()), 0
    scores: dict[str, dict[str, Any]] = {}
    finders = {scenario: Finder(measures) for scenario in manifest.scenarios}
    for scenario, record in manifest.scenarios.items():
        parts: dict[str, list[Any]] = {name: [] for name in track.metrics}
        for shard in record.shards:
            if progress:
                progress(done, total, f"{scenario}, {shard.file}")
            whole = _replayed(track, manifest, scenario, shard, folder)
            values = {name: measure(whole) for name, measure in measures.items()}
            finders[scenario].add(whole, values)
            for name, own in values.items():
                parts[name].append(own)
            done += 1
        scores[scenario] = {name: np.concatenate(own) for name, own in parts.items()}
        _compare(track, scenario, record, scores[scenario])
    if progress:
        progress(total, total, "")
    lanes = sum(len(shard.seeds) for record in manifest.scenarios.values() for shard in record.shards)
    findings = Findings(
        manifest=file_digest(folder / "manifest.json"),
        lanes=lanes,
        key=key or "",
        curves=by_metric({scenario: finder.curves for scenario, finder in finders.items()}),
        certificates=by_metric({scenario: finder.certificates for scenario, finder in finders.items()}),
    )
    return Verified(manifest, scores, lanes, findings)


def _check_claims(track: Track, manifest: Manifest) -> None:
    """The version, the track, the digest and the seeds that follow from it."""
    if manifest.version != VERSION:
        raise PalaestraError(f"It was made with palaestra {manifest.version}, this is {VERSION}: submit it again.")
    if manifest.track_digest != track_digest(track):
        raise PalaestraError(f"The track {track.track_id} it was made for has other scenarios, seats or metrics.")
    agent = manifest.agent
    if agent.digest != digest_of_agent(agent.target, agent.options, agent.files):
        raise PalaestraError("The agent's digest is not that of its target, options and files.")
    if manifest.scenarios.keys() != track.scenarios.keys():
        raise PalaestraError(f"Scenarios {sorted(manifest.scenarios)} are not the track's, {sorted(track.scenarios)}.")
    for key, value in {**agent.needs, **agent.privileges}.items():
        if isinstance(value, str) and ("/" in value or "\\" in value or "." in value):
            raise PalaestraError(f"The option {key}={value!r} may name a file; a submission's options may not.")
    for scenario, record in manifest.scenarios.items():
        seeds = [seed for shard in record.shards for seed in shard.seeds]
        if len(seeds) != track.seeds:
            raise PalaestraError(f"{scenario}: {len(seeds)} lanes were played, the track asks for {track.seeds}.")
        official = official_seeds(track.track_id, agent.digest, track.seeds, manifest.registration)
        for lane, (seed, due) in enumerate(zip(seeds, official, strict=True)):
            if seed != due:
                raise PalaestraError(f"{scenario}, lane {lane}: the seed {seed} is not official; {due} is.")
        if record.scores.keys() != set(track.metrics):
            raise PalaestraError(f"{scenario}: scores {sorted(record.scores)} are not the track's metrics.")
        for name, values in record.scores.items():
            if len(values) != len(seeds):
                raise PalaestraError(f"{scenario}: {len(values)} values of {name} for {len(seeds)} lanes.")


def _check_files(folder: Path, manifest: Manifest) -> None:
    """Just the files that the manifest names, no links, of the digests that it names."""
    named = {shard.file: shard.digest for record in manifest.scenarios.values() for shard in record.shards}
    if len(named) != sum(len(record.shards) for record in manifest.scenarios.values()):
        raise PalaestraError("A trace is named twice.")
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink() or path.is_file()}
    if extra := there - {f"traces/{name}" for name in named} - {"manifest.json", "findings.json", NAME}:
        raise PalaestraError(f"The folder holds what the manifest does not name: {sorted(extra)[:5]}.")
    for name, digest in named.items():
        path = folder / "traces" / name
        if path.is_symlink() or path.parent.is_symlink() or not path.is_file():
            raise PalaestraError(f"The trace {name} is not there as a file of its own.")
        if path.stat().st_size > MOST_TRACE_BYTES:
            raise PalaestraError(
                f"The trace {name} has {path.stat().st_size} bytes; at most {MOST_TRACE_BYTES} are read."
            )
        if file_digest(path) != digest:
            raise PalaestraError(f"The trace {name} is not the one that the manifest names: its SHA-256 differs.")


def _replayed(track: Track, manifest: Manifest, scenario: str, shard: ShardRecord, folder: Path) -> Trace:
    """A shard played again, from its seeds and actions alone."""
    from ... import rules

    where = f"{track.track_id}, {scenario}, {shard.file}"
    try:
        trace = Trace.load(folder / "traces" / shard.file)
        agent = manifest.agent
        options = {**agent.needs, **track.options(scenario, {}, demo=False), **agent.privileges}
        if trace.env_id != track.env_id or dict(trace.options) != options or list(trace.seeds) != shard.seeds:
            raise PalaestraError("its environment, options or seeds are not those of the scenario")
        made = rules(track.env_id, **options)
        if trace.steps > made.facts.horizon or trace.steps * trace.lanes > max(NUMBERS_A_SHARD, made.facts.horizon):
            raise PalaestraError(f"{trace.steps} steps of {trace.lanes} lanes are more than a trace may hold")
        return replay(made, trace, TOLERANCE)
    except PalaestraError as error:
        raise Refused(f"{where}: {error}") from error


def _compare(track: Track, scenario: str, record: ScenarioRecord, recomputed: Mapping[str, Any]) -> None:
    for name in track.metrics:
        claimed, true = np.asarray(record.scores[name]), recomputed[name]
        wrong = ~(np.abs(claimed - true) <= TOLERANCE * np.maximum(1.0, np.abs(true)))
        if wrong.any():
            lane = int(np.flatnonzero(wrong)[0])
            raise Refused(
                f"{track.track_id}, {scenario}, lane {lane}: {name} is claimed to be {claimed[lane]!r}, the replay "
                f"gives {true[lane]!r}."
            )
