"""Verifying submissions: seconds for 100 lanes x 10,000 rounds of a ranking bandit, and memory for 1e8 actions.

Timed is all of `palaestra verify`: the manifest, the digests, reading the traces, the replay of every round, the metric
with its curve, and the comparison. Each size runs in a process of its own, whose peak memory is reported, interpreter
and imports included. The trace of 1e8 actions is 2,000 lanes of 10,000 rounds of 5 proposals.

The least it must do for each of the million lane-rounds: 9 moves of a random walk (2 uniform numbers, a logarithm, a
root and a cosine each, and a sort of 9), 5 look-ups, and 16 numbers recorded, 128 bytes.

Run: python benchmarks/verify.py [--quick] [--cpu-time] [--json | --markdown]
"""

from __future__ import annotations

import json
import subprocess
import sys
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

registered({lanes}, {rounds})
started = now()
found = verify(Path(sys.argv[1]))
print(json.dumps({{
    "seconds": now() - started,
    "lanes": found.lanes,
    # getrusage would count the process this one was forked from as well.
    "peak": int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1000,
}}))
"""


def verified(lanes: int, rounds: int, folder: Path, clock: str) -> dict[str, float]:
    """Seconds and MB of one verification in a fresh process."""
    program = PROGRAM.format(lanes=lanes, rounds=rounds, clock=clock)
    done = subprocess.run([sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True, check=True)
    return {key: float(value) for key, value in json.loads(done.stdout).items()}


def measure(settings: Settings) -> list[Report]:
    """The table of verification."""
    lanes, rounds, many = (20, 100, 200) if settings.quick else (100, 10_000, 2_000)
    clock = "process_time" if settings.cpu_time else "perf_counter"
    with TemporaryDirectory() as home:
        small, large = Path(home) / "small", Path(home) / "large"
        write_submission(registered(lanes, rounds), small)
        runs = [verified(lanes, rounds, small, clock) for _ in range(min(settings.turns, 5))]
        write_submission(registered(many, rounds), large)
        whole = verified(many, rounds, large, clock)
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


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    command(measure, __doc__ or "", arguments)


if __name__ == "__main__":
    main()
