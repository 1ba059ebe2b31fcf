"""How much work a benchmark has left before it starts: jobs, lanes, steps, and the estimated time."""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any

from .calibration import calibrate
from .job import Job
from .local_engine import is_finished

SECONDS_OF_READING = 0.3
"""For the rows that are there already; the newest are read first."""
SECONDS_TO_START = 0.5
"""Until a worker plays: Python, the libraries and the agent's module are loaded once, whatever the number of jobs."""


@dataclass(frozen=True)
class WorkEstimate:
    """Work that is left.

    Attributes:
        jobs: All jobs of the benchmark.
        missing: Those that have no result yet.
        lanes: Their lanes.
        steps: Their steps at the most: lanes times horizon.
        workers: Jobs at once.
        seconds: By the wall, about, the start of the workers included, without the agents of which nothing is known;
            None where that is everybody.
        unknown: Agents of which nothing is known.
        guessed: Whether the time comes from a moment of play for some of them, not from earlier results.
    """

    jobs: int
    missing: int
    lanes: int = 0
    steps: int = 0
    workers: int = 0
    seconds: float | None = 0.0
    unknown: tuple[str, ...] = ()
    guessed: bool = False

    @property
    def text(self) -> str:
        """For people, in one line."""
        jobs = f"{self.missing:,} jobs" if self.missing == self.jobs else f"{self.missing:,} of {self.jobs:,} jobs"
        work = f"To do: {jobs}, {self.lanes:,} lanes, {self.steps:,} steps"
        crew = f"on {self.workers} worker{'s' if self.workers > 1 else ''}"
        if self.seconds is None:
            return f"{work}, {crew}; the time is unknown."
        source = "estimated from a short trial" if self.guessed else "from earlier results"
        rest = f", plus an unknown time for {', '.join(self.unknown)}" if self.unknown else ""
        return f"{work}; about {_duration(self.seconds)} {crew} ({source}){rest}."

    @property
    def document(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {**vars(self), "unknown": list(self.unknown)}


def work_estimate(
    jobs: Sequence[Job],
    folder: Path,
    workers: int,
    measure: Callable[[Sequence[Job]], Mapping[str, float]] = calibrate,
) -> WorkEstimate:
    """Estimate the work that is left.

    Times come from the rows of earlier jobs where there are any of the same agent, scenario and options (the horizon
    apart), else from playing a little, which takes two seconds or so; a scenario that was not reached in time is taken
    to be as slow for the agent as it is for others. An agent that works harder the longer it plays takes longer.

    Args:
        jobs: All jobs.
        folder: Where their results lie.
        workers: Jobs at once.
        measure: Gives seconds by key for some jobs.
    """
    missing = [job for job in jobs if not is_finished(job, folder)]
    if not missing:
        return WorkEstimate(len(jobs), 0)
    horizons = _horizons(missing)
    steps = {job.key: len(job.seeds) * horizons[job.scenario] for job in missing}
    pace = _recorded(missing, folder)
    first = {_kind(job): job for job in reversed(missing)}
    asked = _mixed([job for kind, job in first.items() if kind not in pace])
    if asked:
        told = measure(asked)
        pace |= {_kind(job): told[job.key] / steps[job.key] for job in asked if job.key in told}
    unknown = tuple(dict.fromkeys(job.agent for job in missing if job.agent not in {agent for agent, _ in pace}))
    each = [steps[job.key] * _pace(pace, *_kind(job)) for job in missing if job.agent not in unknown]
    whole = SECONDS_TO_START + _wall_seconds(each, workers) if each else None
    crew = min(workers, len(missing))
    lanes = sum(len(job.seeds) for job in missing)
    return WorkEstimate(len(jobs), len(missing), lanes, sum(steps.values()), crew, whole, unknown, bool(asked))


def _kind(job: Job) -> tuple[str, str]:
    return job.agent, job.scenario


def _horizons(jobs: Sequence[Job]) -> dict[str, int]:
    from ... import rules

    options = {job.scenario: job for job in jobs}
    return {name: int(rules(job.env_id, **job.options).facts.horizon) for name, job in options.items()}


def _mixed(jobs: Sequence[Job]) -> list[Job]:
    """One job of each agent, then another one of each, and so on, the scenarios in turns."""
    agents, scenarios = ({getattr(job, name): None for job in jobs} for name in ("agent", "scenario"))
    place = [{name: k for k, name in enumerate(names)} for names in (agents, scenarios)]
    turns = {job.key: (place[1][job.scenario] - place[0][job.agent]) % len(scenarios) for job in jobs}
    return sorted(jobs, key=lambda job: turns[job.key])


def _pace(known: Mapping[tuple[str, str], float], agent: str, scenario: str) -> float:
    """Seconds a step of a lane: known, or the agent's in other scenarios times what this one is against those."""
    if (agent, scenario) in known:
        return known[agent, scenario]
    own = {name: pace for (other, name), pace in known.items() if other == agent}
    here = {other: pace for (other, name), pace in known.items() if name == scenario}
    ratios = [here[other] / pace for (other, name), pace in known.items() if other in here and name in own and pace]
    return median(own.values()) * (median(ratios) if ratios else 1.0)


def _recorded(missing: Sequence[Job], folder: Path) -> dict[tuple[str, str], float]:
    """(Agent, scenario) -> seconds a step of a lane, from the newest rows of a job of at least half the lanes."""
    import pyarrow.parquet as pq

    wanted = {_kind(job): job for job in missing}
    found: dict[tuple[str, str], float] = {}
    end = monotonic() + SECONDS_OF_READING
    for path in sorted(folder.glob("*.rows.parquet"), key=lambda path: -path.stat().st_mtime_ns):
        if len(found) == len(wanted) or monotonic() > end:
            break
        about = pq.read_metadata(path).metadata or {}
        record = json.loads(about.get(b"palaestra.job", b"{}"))
        kind = record.get("agent", ""), record.get("scenario", "")
        like = wanted.get(kind)
        if like is None or kind in found or _ruling(record["options"]) != _ruling(like.options):
            continue
        if 2 * len(record["seeds"]) >= len(like.seeds) and b"palaestra.seconds" in about:
            steps = sum(pq.read_table(path, columns=["steps"])["steps"].to_pylist())
            found[kind] = float(about[b"palaestra.seconds"]) / max(1, steps)
    return found


def _ruling(options: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in options.items() if key != "horizon"}


def _wall_seconds(each: Sequence[float], workers: int) -> float:
    """When the last job ends, if whoever is free takes the next."""
    free = [0.0] * max(1, workers)
    for seconds in each:
        heapq.heapreplace(free, free[0] + seconds)
    return max(free)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"
