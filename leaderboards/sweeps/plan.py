"""From a track and some agents to the jobs that measure them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...core.agent_spec import AgentSpec
from ...core.errors import PalaestraError
from ...core.files import file_digest
from ..tracks.track import Track
from .fingerprint import outside_files, rows_fingerprint
from .job import Job

LANES = 100
"""Lanes a job at most: enough to make array code worth it, few enough that a long run can be cut."""


def plan(
    track: Track,
    agents: Sequence[str | AgentSpec],
    seeds: int | Sequence[int],
    overrides: Mapping[str, Any] | None = None,
    *,
    demo: bool = False,
    lanes: int = LANES,
    live: Mapping[str, str] | None = None,
) -> list[Job]:
    """The jobs of a benchmark. Shards begin at multiples of `lanes`, so that more seeds later reuse full shards.

    Args:
        track: The benchmark.
        agents: Registered names or "module:attribute", each with options in brackets if wanted; or their specs.
        seeds: Lanes of each scenario, seeded 0 to seeds - 1; or the seeds themselves.
        overrides: Options laid over those of every scenario.
        demo: Use the track's demo options as well.
        lanes: Lanes a job at most.
        live: Fingerprints of those agents that are objects of this process, by name (`live_agent`).

    Raises:
        PalaestraError: An agent, option or number that cannot be; nothing has run then.
    """
    from ...agents import agents as known

    chosen = tuple(range(seeds)) if isinstance(seeds, int) else tuple(seeds)
    if not chosen or lanes < 1:
        raise PalaestraError(f"seeds={seeds}, lanes={lanes}: both must be at least 1.")
    names = [agent if isinstance(agent, str) else agent.name for agent in agents]
    if twice := {name for name in names if names.count(name) > 1}:
        raise PalaestraError(f"The agents {sorted(twice)} are named twice.")
    overrides, code, jobs = dict(overrides or {}), rows_fingerprint(), []
    seats = {scenario: _checked_seats(track, scenario, overrides, demo) for scenario in track.scenarios}
    live, shared = live or {}, outside_files(track)
    specs = {name: known.spec(agent) for name, agent in zip(names, agents, strict=True) if name not in live}
    for name in (name for partners in seats.values() for name in partners.values()):
        specs.setdefault(name, known.spec(name))
    sources = {name: _files_of(specs[name]) for name in sorted(specs)}
    sources |= {name: {f"{name} itself": fingerprint} for name, fingerprint in live.items()}
    shards = [chosen[first : first + lanes] for first in range(0, len(chosen), lanes)]
    for scenario in track.scenarios:
        options, partners = _plain(track.options(scenario, overrides, demo=demo)), seats[scenario]
        for agent in names:
            files = _files_in(options) | shared
            for name in (agent, *partners.values()):
                files |= sources[name]
            jobs += [
                Job(
                    track.track_id,
                    track.env_id,
                    scenario,
                    options,
                    agent,
                    partners,
                    shard,
                    track.metrics,
                    code,
                    files,
                    track.action_bits,
                )
                for shard in shards
            ]
    return jobs


def _checked_seats(track: Track, scenario: str, overrides: Mapping[str, Any], demo: bool) -> dict[str, str]:
    """A scenario's partners, once its environment has been built with its options."""
    from ... import rules

    players = rules(track.env_id, **track.options(scenario, overrides, demo=demo)).facts.players
    seats = track.seated(scenario)
    if unknown := set(seats) - set(players):
        raise PalaestraError(f"{track.track_id}: {track.env_id} has no seats {sorted(unknown)}, only {players}.")
    if len(seats) == len(players):
        raise PalaestraError(f"{track.track_id}: every seat is taken, so none is left for the benchmarked agent.")
    return seats


def _plain(options: Mapping[str, Any]) -> dict[str, Any]:
    try:
        plain: dict[str, Any] = json.loads(json.dumps(dict(options)))
    except TypeError as error:
        raise PalaestraError(f"The options {dict(options)!r} are not plain JSON values ({error}).") from error
    return plain


def _files_in(options: Mapping[str, Any]) -> dict[str, str]:
    """The files that options name: their content decides the rows."""
    paths = [value for value in options.values() if isinstance(value, str) and 0 < len(value) < 4096]
    return {path: file_digest(Path(path)) for path in paths if Path(path).is_file()}


def _files_of(spec: AgentSpec) -> dict[str, str]:
    """The files of a user's agent, and those that its options name, so that an agent that was changed is run again.

    That the agent can take a seat at all is checked here, before anything runs.
    """
    spec.check()
    return _files_in(spec.options) | {str(path): file_digest(path) for path in spec.files}
