"""How long `import palaestra` and `palaestra list` take in a fresh process.

The import is timed inside the process (the interpreter's own start does not count); the command from outside,
interpreter included.

Run: python benchmarks/start_up.py [--quick] [--cpu-time] [--json | --markdown]
"""

from __future__ import annotations

import subprocess
import sys
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from time import perf_counter

from palaestra.benchmarks.report import Report, Row, Settings, command

TIMED = "from time import {clock} as now; start = now(); import palaestra; print(now() - start)"
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "palaestra list": ["-m", "palaestra", "list"],
    "palaestra list --json": ["-m", "palaestra", "list", "--json"],
}


def import_seconds(cpu_time: bool) -> float:
    """Seconds `import palaestra` takes in a fresh interpreter."""
    program = TIMED.format(clock="process_time" if cpu_time else "perf_counter")
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout)


def command_seconds(arguments: list[str], cpu_time: bool) -> float:
    """Seconds a command takes, by the wall or in CPU time of its process."""
    before, started = getrusage(RUSAGE_CHILDREN), perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
    after, ended = getrusage(RUSAGE_CHILDREN), perf_counter()
    if cpu_time:
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return ended - started


def measure(settings: Settings) -> list[Report]:
    """The table of start-up."""
    imports: list[float] = []
    commands: dict[str, list[float]] = {name: [] for name in COMMANDS}
    import_seconds(settings.cpu_time)
    for _ in range(settings.turns):
        imports.append(import_seconds(settings.cpu_time))
        for name, arguments in COMMANDS.items():
            commands[name].append(command_seconds(arguments, settings.cpu_time))
    rows = [Row("import palaestra", 1e3 * median(imports), "ms", 50.0, "lower")]
    rows += [
        Row(name, 1e3 * median(times), "ms", 1000.0 if "list" in name else None, "lower")
        for name, times in commands.items()
    ]
    return [Report("Start-up", tuple(rows), "Medians over fresh processes.")]


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    command(measure, __doc__ or "", arguments)


if __name__ == "__main__":
    main()
