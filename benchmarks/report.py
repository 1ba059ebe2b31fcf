"""What a benchmark reports: rows of a table with their targets, printed for people, Markdown or JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal


@dataclass(frozen=True)
class Settings:
    """How a benchmark is to be run.

    Attributes:
        quick: Small sizes, to see that it runs.
        turns: How often each contender gets its turn.
        cpu_time: Count CPU seconds of the process, not the wall's, where the work stays in one process.
    """

    quick: bool = False
    turns: int = 15
    cpu_time: bool = False


@dataclass(frozen=True)
class Row:
    """One measured number.

    Attributes:
        what: What was measured.
        value: The number.
        unit: Its unit ("x" for a ratio).
        target: What the number should reach, or None where nothing is asked.
        better: Which direction is better.
    """

    what: str
    value: float
    unit: str
    target: float | None = None
    better: Literal["higher", "lower"] = "higher"

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None where there is none."""
        if self.target is None:
            return None
        return self.value >= self.target if self.better == "higher" else self.value <= self.target

    def cells(self) -> tuple[str, str, str, str]:
        """What, measured, target and verdict as text."""
        sign = "at least" if self.better == "higher" else "at most"
        target = "" if self.target is None else f"{sign} {number(self.target)} {self.unit}"
        return (
            self.what,
            f"{number(self.value)} {self.unit}",
            target,
            {None: "", True: "yes", False: "NO"}[self.reached],
        )


@dataclass(frozen=True)
class Report:
    """One benchmark's table.

    Attributes:
        title: What the table answers.
        rows: Its rows.
        note: How it was measured, in a sentence or two.
    """

    title: str
    rows: tuple[Row, ...]
    note: str = ""


HEADINGS = ("what", "measured", "target", "reached")


def number(value: float) -> str:
    """Three digits that count."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def machine() -> str:
    """The machine and the software, without names."""
    import numpy as np

    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{len(os.sched_getaffinity(0))} cores ({platform.machine()}), {memory:.0f} GiB, Python "
        f"{platform.python_version()}, numpy {np.__version__}, {date.today().isoformat()}"
    )


def as_markdown(report: Report) -> str:
    """The table as Markdown."""
    lines = [f"### {report.title}", "", f"| {' | '.join(HEADINGS)} |", "|---|---:|---:|---|"]
    lines += [f"| {' | '.join(row.cells())} |" for row in report.rows]
    return "\n".join([*lines, "", report.note, ""])


def show(report: Report) -> None:
    """Print the table for people."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=report.title, title_justify="left", caption=report.note, caption_justify="left")
    for heading in HEADINGS:
        table.add_column(heading, justify="right" if heading in ("measured", "target") else "left")
    for row in report.rows:
        table.add_row(*(escape(cell) for cell in row.cells()))
    Console(width=max(100, Console().width)).print(table)


def command(
    measure: Callable[[Settings], Sequence[Report]], description: str, arguments: Sequence[str] | None = None
) -> None:
    """The command line of a benchmark.

    Args:
        measure: Makes the reports.
        description: For --help.
        arguments: Instead of the process's own.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--quick", action="store_true", help="small sizes, to see that it runs; the numbers mean little"
    )
    parser.add_argument("--turns", type=int, default=15, help="how often each contender gets its turn (default 15)")
    parser.add_argument("--cpu-time", action="store_true", help="count CPU seconds, not the wall's: for a busy machine")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print a JSON document and nothing else")
    form.add_argument("--markdown", action="store_true", help="print Markdown tables")
    given = parser.parse_args(arguments)
    reports = measure(Settings(given.quick, 2 if given.quick else given.turns, given.cpu_time))
    clock = "CPU seconds" if given.cpu_time else "wall seconds"
    if given.json:
        print(
            json.dumps(
                {"machine": machine(), "clock": clock, "reports": [_plain(report) for report in reports]}, indent=1
            )
        )
        return
    print(f"{machine()}, {clock}\n")
    for report in reports:
        if given.markdown:
            print(as_markdown(report))
        else:
            show(report)


def _plain(report: Report) -> dict[str, Any]:
    return asdict(report) | {"rows": [asdict(row) | {"reached": row.reached} for row in report.rows]}
