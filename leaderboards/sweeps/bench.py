"""One benchmark from beginning to end: plan, run what is missing, read everything, rank."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..tracks.track import Track
from .engines import engine_named
from .local_engine import is_finished
from .plan import plan
from .results import Results
from .standings import Standings, measures_of
from .work_estimate import WorkEstimate, work_estimate


def bench(
    track: Track,
    agents: Sequence[str] = (),
    *,
    folder: Path,
    seeds: int | None = None,
    overrides: Mapping[str, Any] | None = None,
    demo: bool = False,
    engine: str = "local",
    workers: int = 0,
    address: str = "",
    progress: Callable[[float, int, str], None] | None = None,
    announce: Callable[[WorkEstimate], None] | None = None,
    command: str = "",
) -> Standings:
    """Measure agents on a track.

    Args:
        track: The benchmark.
        agents: Registered names or "module:attribute"; none: the track's references.
        folder: Where results lie. What is finished there is not run again.
        seeds: Lanes a scenario, if not the track's own number.
        overrides: Environment options laid over those of every scenario.
        demo: Use the track's demo options and number of seeds.
        engine: "local" (processes of this machine) or "ray" (a Ray cluster).
        workers: Jobs at once; 0: one a core.
        address: Of the Ray cluster, "HOST:PORT"; empty: one is started on this machine.
        progress: Called with (jobs done, jobs, what runs).
        announce: Called with what is left to do and about how long it takes, before it begins.
        command: What makes this table again, for its reader.

    Raises:
        PalaestraError: Input that cannot be; nothing has run then. A job that fails is reported in the standings.
    """
    opened = engine_named(engine)
    measures_of(track)  # an unknown metric is said before anything runs
    count = seeds if seeds is not None else (track.demo_seeds if demo else track.seeds)
    jobs = plan(track, tuple(agents) or track.references, count, overrides, demo=demo)
    folder = folder / track.track_id
    report = None if progress is None else (lambda done, now: progress(done, len(jobs), now))
    failures = []
    done = sum(is_finished(job, folder) for job in jobs)
    if progress:
        progress(done, len(jobs), f"engine {engine}" if done < len(jobs) else "")
    if done < len(jobs):
        with opened(workers, address) as ready:
            if announce:
                announce(work_estimate(jobs, folder, ready.workers))
            failures = ready.run(jobs, folder, report)
    elif announce:
        announce(work_estimate(jobs, folder, 0))
    return Standings.of(track, Results.read(jobs, folder), failures, command, count, demo)
