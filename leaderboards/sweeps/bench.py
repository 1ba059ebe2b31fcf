"""One benchmark from beginning to end: plan, run missing jobs, read all results, rank."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..tracks.track import Track
from .engines import find_engine
from .failed_agent import failed_agents
from .live_agent import LiveAgent, remove_uncached, run_live
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
    live: Mapping[str, LiveAgent] | None = None,
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
        live: Those of `agents` that are objects of this process, by name; they play here, not in the engine.

    Raises:
        PalaestraError: Input that cannot be; nothing has run then. A job that fails is reported in the standings.
    """
    from ...agents import agents as known

    open_engine = find_engine(engine)
    measures_of(track)  # an unknown metric is said before anything runs
    live, names = live or {}, tuple(agents) or track.references
    specs = {name: known.spec(name) for name in names if name not in live}
    count = seeds if seeds is not None else (track.demo_seeds if demo else track.seeds)
    prints = {name: one.fingerprint for name, one in live.items()}
    jobs = plan(track, [specs.get(name, name) for name in names], count, overrides, demo=demo, live=prints)
    own = [job for job in jobs if job.agent in live]
    jobs = [*(job for job in jobs if job.agent not in live), *own]
    folder = folder / track.track_id
    sent = jobs[: len(jobs) - len(own)]
    report = None if progress is None else (lambda done, now: progress(done, len(jobs), now))
    failures = []
    done = sum(is_finished(job, folder) for job in sent)
    if progress:
        progress(done, len(jobs), f"engine {engine}" if done < len(sent) else "")
    if done < len(sent):
        with open_engine(workers, address) as ready:
            if announce:
                announce(work_estimate(sent, folder, ready.workers))
            failures = ready.run(sent, folder, report)
    elif announce:
        announce(work_estimate(sent, folder, 0))
    if own:
        after = None if report is None else (lambda done, now: report(len(sent) + done, now))
        failures += run_live(own, folder, live, after)
    results = Results.read(jobs, folder)
    failed = failed_agents(jobs, failures, folder)
    remove_uncached(own, folder, live)
    privileges = {name: spec.traits.privileges for name, spec in specs.items()}
    privileges |= {name: one.privileges for name, one in live.items()}
    return Standings.of(track, results, failures, command, count, demo, failed, privileges)
