"""Verifying submissions: seconds for 100 lanes x 10,000 rounds of a ranking bandit, and memory for 1e8 actions.

Timed is all of `palaestra verify`: the manifest, the digests, reading the traces, the replay of every round, the metric
with its curve, and the comparison. Each size runs in a process of its own, whose peak memory is reported, interpreter
and imports included. The trace of 1e8 actions is 2,000 lanes of 10,000 rounds of 5 proposals.

The least it must do for each of the million lane-rounds: 9 moves of a random walk (2 uniform numbers, a logarithm, a
root and a cosine each, and a sort of 9), 5 look-ups, and 16 numbers recorded, 128 bytes.

With --submission FOLDER (as often as wanted) the folders that are named are verified instead, one after the other.

Run: python benchmarks/verify.py [--submission FOLDER ...] [--quick] [--cpu-time] [--json | --markdown]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from palaestra.benchmarks.report import Report, Row, Settings, command
from palaestra.benchmarks.synthetic_submission import registered, write_submission

PROGRAM = """
import json, re, sys
from pathlib import Path
from time import {clock} as now
from palaestra.benchmarks.synthetic_submission import registered
from palaestra.leaderboards.submission.verify import verify

{before}
started = now()
found = verify(Path(sys.argv[1]))
print(json.dumps({{
    "seconds": now() - started,
    "lanes": found.lanes,
    # getrusage would count the process this one was forked from as well.
    "peak": int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1000,
}}))
"""


def verified(folder: Path, clock: str, before: str = "") -> dict[str, float]:
    """Seconds, lanes and MB of one verification in a fresh process, which does `before` first."""
    program = PROGRAM.format(before=before, clock=clock)
    done = subprocess.run([sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"{folder} does not verify; what is wrong stands above.")
    return {key: float(value) for key, value in json.loads(done.stdout).items()}


def measure(settings: Settings) -> list[Report]:
    """The table of verification."""
    lanes, rounds, many = (20, 100, 200) if settings.quick else (100, 10_000, 2_000)
    clock = _clock(settings)
    with TemporaryDirectory() as home:
        small, large = Path(home) / "small", Path(home) / "large"
        write_submission(registered(lanes, rounds), small)
        runs = [verified(small, clock, f"registered({lanes}, {rounds})") for _ in range(min(settings.turns, 5))]
        write_submission(registered(many, rounds), large)
        whole = verified(large, clock, f"registered({many}, {rounds})")
        size = sum(path.stat().st_size for path in large.rglob("*") if path.is_file()) / 1e6
    actions = many * rounds * 5
    rows = (
        Row("100 lanes x 10,000 rounds", median(run["seconds"] for run in runs), "s", 5.0, "lower"),
        Row("its peak memory", max(run["peak"] for run in runs), "MB", None, "lower"),
        Row("a submission of 1e8 actions", whole["seconds"], "s", None, "lower"),
        Row("peak memory for 1e8 actions", whole["peak"], "MB", 500.0, "lower"),
        Row("its size on disk", size, "MB", None, "lower"),
    )
    note = f"Here {lanes} lanes x {rounds:,} rounds, and {actions:,} actions; 10 actions, 5 proposals a round."
    return [Report("Verifying a ranking bandit", rows, note)]


def measure_folders(folders: Sequence[Path], settings: Settings) -> list[Report]:
    """The table of submissions that lie somewhere."""
    rows = []
    for folder in folders:
        runs = [verified(folder, _clock(settings)) for _ in range(1 if settings.quick else min(settings.turns, 5))]
        name = f"{folder.resolve().parent.name}/{folder.resolve().name}, {runs[0]['lanes']:.0f} lanes"
        rows.append(Row(name, median(run["seconds"] for run in runs), "s", None, "lower"))
        rows.append(Row("its peak memory", max(run["peak"] for run in runs), "MB", None, "lower"))
    return [Report("Verifying submissions", tuple(rows))]


def _clock(settings: Settings) -> str:
    return "process_time" if settings.cpu_time else "perf_counter"


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--submission", type=Path, action="append", default=[])
    own, others = parser.parse_known_args(arguments)
    folders: list[Path] = own.submission
    command(partial(measure_folders, folders) if folders else measure, __doc__ or "", others)


if __name__ == "__main__":
    main()
