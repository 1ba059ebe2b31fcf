"""Agents that exist in this process only, such as classes defined in a notebook: what they are, and their jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from ...core.as_agent import as_agent, copy_for_seat
from ...core.errors import PalaestraError
from .attempt import attempt
from .engine import Failure
from .execute import rows_path, trace_path
from .job import Job
from .local_engine import is_finished
from .object_fingerprint import object_fingerprint


@dataclass(frozen=True)
class LiveAgent:
    """An agent as an object of this process; it plays here, not in a worker.

    Attributes:
        name: What tables call it.
        agent: A class, an agent, a model or a function; jobs play copies of it.
        fingerprint: Of what it does; where it has none, a number that comes once.
        is_cached: Whether its results can be told from those of another version, and so be kept.
        privileges: Options it is given beyond what everybody gets.
    """

    name: str
    agent: Any
    fingerprint: str
    is_cached: bool
    privileges: Mapping[str, Any]

    @staticmethod
    def of(name: str, agent: Any) -> LiveAgent:
        """Check that it can take a seat, and find its fingerprint.

        Raises:
            PalaestraError: It cannot be made or cannot play.
        """
        try:
            seated = as_agent(copy_for_seat(agent))
        except PalaestraError:
            raise
        except Exception as error:
            hint = f" Give an object instead: {name}(...)." if isinstance(agent, type) else ""
            raise PalaestraError(f"{name} cannot be made: {type(error).__name__}: {error}.{hint}") from error
        own, found = getattr(seated, "prototype", seated), object_fingerprint(agent)
        return LiveAgent(name, agent, found or f"once {uuid4().hex}", bool(found), dict(getattr(own, "privileges", {})))


def run_live(
    jobs: Sequence[Job],
    folder: Path,
    agents: Mapping[str, LiveAgent],
    progress: Callable[[float, str], None] | None = None,
) -> list[Failure]:
    """Run the jobs of live agents one after the other in this process; finished ones are not run again.

    Args:
        jobs: Theirs.
        folder: Where results lie; made if need be.
        agents: By name.
        progress: Called with (jobs done and the share of the one that runs, what runs).

    Returns:
        The jobs that failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    failures = []
    for done, job in enumerate(jobs):
        if is_finished(job, folder):
            continue
        report = None if progress is None else _share_of(progress, done, job)
        said = attempt(job, folder, report, agent=agents[job.agent].agent)
        failures += [Failure(job, said)] if said else []
    if progress:
        progress(len(jobs), "")
    return failures


def _share_of(progress: Callable[[float, str], None], done: int, job: Job) -> Callable[[int, int], None]:
    return lambda step, horizon: progress(done + step / horizon, job.title)


def remove_uncached(jobs: Sequence[Job], folder: Path, agents: Mapping[str, LiveAgent]) -> None:
    """Remove results that nothing can ask for again, because their agent has no fingerprint."""
    for job in jobs:
        if job.agent in agents and not agents[job.agent].is_cached:
            rows_path(folder, job).unlink(missing_ok=True)
            trace_path(folder, job).unlink(missing_ok=True)
