"""The engine ray against the engine local on one machine: jobs of a few seconds, whole runs in turns.

Both play the same jobs on two workers, each time into a fresh folder. The Ray cluster is started before and stays; its
start is a row of its own. A turn of either is everything else that a user waits for: connecting, worker processes that
start and import, playing, and writing the results.

Run: python benchmarks/ray_engine.py [--quick] [--cpu-time] [--json | --markdown]
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from palaestra.benchmarks.report import Report, Row, Settings, command
from palaestra.core.extra import import_extra
from palaestra.leaderboards.sweeps.engines import find_engine
from palaestra.leaderboards.sweeps.job import Job
from palaestra.leaderboards.sweeps.plan import plan
from palaestra.leaderboards.tracks import tracks

WORKERS = 2
TRACK, AGENT = "ranking-bandit-v0", "RankingHedge"
TURNS = 5
"""At most: a turn takes a minute."""


CLUSTER = """
import sys, ray
started = ray.init(address="local", num_cpus={workers}, include_dashboard=False, logging_level="ERROR")
print("address", started.address_info["gcs_address"], flush=True)
sys.stdin.read()
"""


def jobs_of(quick: bool) -> list[Job]:
    """Ten jobs of about three seconds each (quick: as short as they come)."""
    lanes, horizon = (2, 20) if quick else (50, 3000)
    return plan(tracks[TRACK].load(), [AGENT], 2 * lanes, {"horizon": horizon}, lanes=lanes)


def seconds_of(name: str, address: str, jobs: list[Job]) -> float:
    """Seconds of a whole run into a fresh folder."""
    with tempfile.TemporaryDirectory() as folder:
        started = perf_counter()
        with find_engine(name)(WORKERS, address) as engine:
            assert engine.run(jobs, Path(folder), None) == []
        return perf_counter() - started


@contextmanager
def cluster() -> Iterator[str]:
    """The address of a Ray cluster of this machine, started in a process of its own, which stops it."""
    program = [sys.executable, "-c", CLUSTER.format(workers=WORKERS)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdin is not None
        try:
            yield next(line.split()[1] for line in process.stdout if line.startswith("address"))
        finally:
            process.stdin.close()


def measure(settings: Settings) -> list[Report]:
    """The table of engines."""
    os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}  # read when Ray is imported
    import_extra("ray", "ray")
    jobs, began = jobs_of(settings.quick), perf_counter()
    taken: dict[str, list[float]] = {"local": [], "ray": []}
    with cluster() as address:
        start = perf_counter() - began
        for _ in range(min(settings.turns, TURNS)):
            taken["local"].append(seconds_of("local", "", jobs))
            taken["ray"].append(seconds_of("ray", address, jobs))
    ratio = median(ray / local for ray, local in zip(taken["ray"], taken["local"], strict=True))
    rows = [
        Row(f"local, {len(jobs)} jobs", median(taken["local"]), "s"),
        Row(f"ray, {len(jobs)} jobs", median(taken["ray"]), "s"),
        Row("ray against local", ratio, "x", 1.3, "lower"),
        Row("starting a Ray cluster on this machine", start, "s"),
    ]
    note = f"{TRACK}, {AGENT}, {WORKERS} workers each; whole runs in turns by the wall, median of the turns."
    return [Report("Engines: Ray against processes of this machine", tuple(rows), note)]


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    command(measure, __doc__ or "", arguments)


if __name__ == "__main__":
    main()
