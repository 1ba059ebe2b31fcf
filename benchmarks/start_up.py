"""How long `import palaestra` and `palaestra list` take in a fresh process.

The import is timed inside the process (the interpreter's own start does not count); the command by the wall, from
outside, interpreter included.

Run: python benchmarks/start_up.py [--quick] [--json | --markdown]
"""

from __future__ import annotations

import subprocess
import sys
from functools import partial

from palaestra.benchmarks.interleaved import Contender, interleaved
from palaestra.benchmarks.report import Report, Row, command

TIMED = "from time import perf_counter as now; start = now(); import palaestra; print(now() - start)"


def import_seconds() -> float:
    """Seconds `import palaestra` takes in a fresh interpreter."""
    done = subprocess.run([sys.executable, "-c", TIMED], stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout)


def measure(quick: bool, turns: int) -> list[Report]:
    """The table of start-up."""
    imports = sorted(import_seconds() for _ in range(turns + 1))
    launch = partial(subprocess.run, stdout=subprocess.DEVNULL, check=True)
    palaestra_list = [sys.executable, "-m", "palaestra", "list"]
    contenders = [
        Contender("python -c pass", partial(launch, [sys.executable, "-c", "pass"]), 1),
        Contender("palaestra list", partial(launch, palaestra_list), 1),
        Contender("palaestra list --json", partial(launch, [*palaestra_list, "--json"]), 1),
    ]
    times = interleaved(contenders, turns, 0.0)
    rows = [Row("import palaestra", 1e3 * imports[len(imports) // 2], "ms", 50.0, "lower")]
    rows += [
        Row(name, 1e3 * times.median(name), "ms", 1000.0 if "list" in name else None, "lower") for name in times.seconds
    ]
    return [Report("Start-up", tuple(rows), "Medians over fresh processes.")]


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    command(measure, __doc__ or "", arguments)


if __name__ == "__main__":
    main()
