"""Verify a submission: recompute everything from seeds and actions, without running the submitter's code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from ...core.errors import PalaestraError
from ...core.escape_text import escape_text
from ...core.replay import replay
from ...core.rules import Rules
from ...core.traces.trace import Trace
from ..sweeps.execute import values_and_curves
from ..tracks.track import Track
from .check_contents import check_contents
from .claims import check_claims, played_track
from .findings import Finder, Findings, by_metric
from .log import Entry
from .manifest import Manifest, ScenarioRecord, ShardRecord, seal_of
from .safetensors_header import check_safetensors
from .shards import NUMBERS_A_SHARD, numbers_a_step
from .signature import signed_by
from .strict_record import MOST_BYTES
from .trace_checks import check_grid, check_labels, check_legal
from .untrusted_file import read_untrusted, read_untrusted_with_digest

TOLERANCE = 1e-9
"""Greatest difference of a float between the submitter's numpy and the verifier's that is let pass, as a share of the
float, or of 1 where it is smaller."""

MOST_TRACE_BYTES = 1 << 28
MOST_BESIDE = 5 << 20
"""Bytes of a trace's file beside its numbers: a footer of at most 4 MiB, and headers of pages."""
MOST_WEIGHTS_BYTES = 1 << 30


class Refused(PalaestraError):
    """A submission that is not what it claims to be; the message names the first difference.

    Args:
        message: Why; what strangers wrote in it is escaped here, whoever they are quoted by.
    """

    def __init__(self, message: str) -> None:
        super().__init__(escape_text(message))


@dataclass(frozen=True)
class Verified:
    """A submission that holds.

    Attributes:
        manifest: What it claims.
        scores: Scenario -> metric -> one value a lane: as recomputed, or as claimed where `findings.status` is
            "unverified".
        lanes: Lanes in all.
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

    1. The manifest is read once, against its schema; the folder holds what it names and no more.
    2. Version, track, digest, what the agent asks for, seeds, and how they are cut into traces are as they must be.
    3. Every trace is read once, has the digest that the manifest names, and unpacks to no more than its lanes need.
    4. It is replayed: every action is legal; seats that the track fills are played by their registered agents, whose
       actions must be the trace's; every metric is computed from the replay and compared.

    Traces are replayed one by one, so memory is bounded by `NUMBERS_A_SHARD`. Where the track's replay is not exact,
    step 4 looks at legality alone, weights are checked to be safetensors, and the status is "unverified".

    Args:
        folder: `manifest.json`, `traces/`, and what else may be there (`contents.OWN`, `weights/`).
        log: The board's, where the manifest may name a registration.
        progress: Called with (traces done, traces, what is replayed).

    Raises:
        Refused: The first thing that is not as claimed: track, scenario, lane and step where there are any.
    """
    from ..tracks import tracks

    try:
        if folder.is_symlink():
            raise PalaestraError(f"{folder.name} is a link. Give the folder itself.")
        data = read_untrusted(folder / "manifest.json", MOST_BYTES)
        manifest = Manifest.parse(data)
        if manifest.track not in tracks:
            raise PalaestraError(f"There is no track {manifest.track!r}.")
        track = played_track(tracks[manifest.track].load(), manifest)
        if manifest.seal != seal_of(data):
            raise PalaestraError("The manifest was changed after it was written: its seal is not that of its contents.")
        check_claims(track, manifest, log)
        shards = [shard for record in manifest.scenarios.values() for shard in record.shards]
        weights = {f"{name}.safetensors": digest for name, digest in manifest.weights.items()}
        check_contents(folder, [shard.file for shard in shards], weights)
        key = signed_by(folder, data)
        for name, digest in weights.items():
            check_safetensors(read_untrusted_with_digest(folder / "weights" / name, MOST_WEIGHTS_BYTES, digest), name)
    except PalaestraError as error:
        raise Refused(str(error)) from error
    judge, done = _Judge(track, manifest, folder), 0
    for scenario, record in manifest.scenarios.items():
        for shard in record.shards:
            if progress:
                progress(done, len(shards), f"{scenario}, {shard.file}")
            judge.look_at(scenario, shard)
            done += 1
        judge.compare(scenario, record)
    if progress:
        progress(done, done, "")
    lanes = sum(len(shard.seeds) for shard in shards)
    findings = Findings(
        manifest=sha256(data).hexdigest(),
        status="verified" if track.replay == "exact" else "unverified",
        lanes=lanes,
        key=key or "",
        weights=sorted(manifest.weights),
        curves=by_metric({scenario: finder.curves for scenario, finder in judge.finders.items()}),
        certificates=by_metric({scenario: finder.certificates for scenario, finder in judge.finders.items()}),
    )
    return Verified(manifest, judge.scores, lanes, findings)


class _Judge:
    """Looks at one trace after the other, and keeps of each its scores and what a page shows."""

    def __init__(self, track: Track, manifest: Manifest, folder: Path) -> None:
        from ...metrics import metrics

        self.track, self.manifest, self.folder = track, manifest, folder
        self.measures = {name: metrics.find(name).load() for name in track.metrics}
        self.finders = {scenario: Finder(self.measures) for scenario in manifest.scenarios}
        self.scores: dict[str, dict[str, Any]] = {}
        self._parts: dict[str, dict[str, list[Any]]] = {scenario: {} for scenario in manifest.scenarios}
        self._rules: tuple[str, Rules[Any]] | None = None

    def look_at(self, scenario: str, shard: ShardRecord) -> None:
        """Read one trace, and replay it where that is exact."""
        try:
            rules, trace = self._read(scenario, shard)
            if self.track.replay == "none":
                check_legal(rules, trace)
                return
            check_grid(trace, self.track.action_bits)
            whole = replay(rules, trace, TOLERANCE, self._partners(scenario, rules), self.track.action_bits)
        except PalaestraError as error:
            raise Refused(f"{self.track.track_id}, {scenario}, {shard.file}: {error}") from error
        values, curves = values_and_curves(whole, self.measures)
        self.finders[scenario].add(whole, values, curves)
        for name, own in values.items():
            self._parts[scenario].setdefault(name, []).append(own)

    def _read(self, scenario: str, shard: ShardRecord) -> tuple[Rules[Any], Trace]:
        from ... import rules

        agent = self.manifest.agent
        options = {**agent.needs, **self.track.options(scenario, {}, demo=False), **agent.privileges}
        if self._rules is None or self._rules[0] != scenario:
            self._rules = scenario, rules(self.track.env_id, **options)
        made = self._rules[1]
        numbers = made.facts.horizon * len(shard.seeds) * numbers_a_step(made)
        most = 8 * (numbers + 2 * made.facts.horizon * len(shard.seeds))
        file = self.folder / "traces" / shard.file
        trace = Trace.parse(
            read_untrusted_with_digest(file, min(MOST_TRACE_BYTES, most + MOST_BESIDE), shard.digest), "the trace", most
        )
        check_labels(trace)
        if trace.env_id != self.track.env_id or dict(trace.options) != options or list(trace.seeds) != shard.seeds:
            raise PalaestraError("its environment, options or seeds are not those of the scenario")
        if numbers > NUMBERS_A_SHARD and len(shard.seeds) > 1:
            raise PalaestraError(f"{numbers} numbers are more than the replay of a trace may record")
        return made, trace

    def _partners(self, scenario: str, rules: Rules[Any]) -> dict[int, Any]:
        """The registered agents that the track seats beside the submitted one, freshly made."""
        from ...agents import agents

        seats = self.track.seated(scenario)
        return {i: agents.spec(seats[seat]).make() for i, seat in enumerate(rules.facts.players) if seat in seats}

    def compare(self, scenario: str, record: ScenarioRecord) -> None:
        """Refuse a scenario's scores where the replay gives others; where there is none, they are as claimed."""
        claimed = {name: np.asarray(values, np.float64) for name, values in record.scores.items()}
        if self.track.replay == "none":
            self.scores[scenario] = claimed
            return
        found = {name: np.concatenate(own) for name, own in self._parts.pop(scenario).items()}
        for name in self.track.metrics:
            near = np.abs(claimed[name] - found[name]) <= TOLERANCE * np.maximum(1.0, np.abs(found[name]))
            wrong = ~(near & np.isfinite(found[name]))  # everything is near infinity
            if wrong.any():
                lane = int(np.flatnonzero(wrong)[0])
                raise Refused(
                    f"{self.track.track_id}, {scenario}, lane {lane}: {name} is claimed to be "
                    f"{float(claimed[name][lane])!r}, the replay gives {float(found[name][lane])!r}."
                )
        self.scores[scenario] = found
