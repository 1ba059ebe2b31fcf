"""The site of 20 tracks of 50 agents: seconds, memory, and the largest page.

Boards are as large as those of the registered tracks (seeds, scenarios, metrics, curves, certificates), with made-up
scores, written in a process of its own: other benchmarks may have added tracks to the registry of this one. A build
runs in a process of its own too, with one worker a core: cold into an empty folder, then again, then with
one agent more on one track. Memory is the peak of the builder and its workers, added up. With --cpu-time the seconds
are the processor's, of all these processes together.

Run: python benchmarks/site.py [--quick] [--cpu-time] [--json | --markdown]
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from palaestra.benchmarks.report import Report, Row, Settings, command

BOARD = """
from pathlib import Path
from palaestra.benchmarks.synthetic_board import synthetic_board

synthetic_board(Path({board!r}), {count}, {agents}, more={more})
"""
PROGRAM = """
import json, os, resource, sys, time
from pathlib import Path
from palaestra.benchmarks.synthetic_board import renamed_tracks
from palaestra.leaderboards.site.build import build_site

if __name__ == "__main__":
    tracks = renamed_tracks({count})
    started = time.perf_counter()
    build_site(Path({board!r}), Path({site!r}), tracks=tracks)
    seconds = time.perf_counter() - started
    own, crew = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = own.ru_utime + own.ru_stime + crew.ru_utime + crew.ru_stime
    peak = (own.ru_maxrss + (os.cpu_count() or 1) * crew.ru_maxrss) / 2**20
    print(json.dumps({{"wall": seconds, "cpu": cpu, "peak": peak}}))
"""


def fresh_process(folder: Path, program: str) -> str:
    """What a program prints that runs in a process of its own."""
    script = folder / "program.py"
    script.write_text(program)
    return subprocess.run([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, check=True).stdout


def write_board(count: int, agents: int, board: Path, more: int = 0) -> None:
    """The board, from the registry as a fresh process has it."""
    fresh_process(board.parent, BOARD.format(board=str(board), count=count, agents=agents, more=more))


def build(count: int, board: Path, site: Path) -> dict[str, float]:
    """Seconds and GiB of one build."""
    found = fresh_process(board.parent, PROGRAM.format(count=count, board=str(board), site=str(site)))
    return {key: float(value) for key, value in json.loads(found).items()}


def measure(settings: Settings) -> list[Report]:
    """The table of the site."""
    count, agents = (2, 3) if settings.quick else (20, 50)
    clock = "cpu" if settings.cpu_time else "wall"
    with TemporaryDirectory() as folder:
        board, site = Path(folder) / "board", Path(folder) / "site"
        write_board(count, agents, board)
        cold, again = build(count, board, site), build(count, board, site)
        write_board(count, agents, board, more=1)
        more = build(count, board, site)
        pages = [path.stat().st_size for path in site.rglob("*.html")]
    rows = (
        Row("site from nothing", cold[clock], "s", 30.0, "lower"),
        Row("site again, nothing changed", again[clock], "s", None, "lower"),
        Row("site again, one agent more", more[clock], "s", None, "lower"),
        Row("largest page", max(pages) / 1000, "kB", 500.0, "lower"),
        Row("all pages", sum(pages) / 1e6, "MB", None, "lower"),
        Row("peak memory, workers included", max(cold["peak"], more["peak"]), "GiB", None, "lower"),
    )
    title = f"Site: {count} tracks x {agents} agents, {len(pages):,} pages"
    return [Report(title, rows, "One run each; the registered tracks over and over, at full size.")]


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    command(measure, __doc__ or "", arguments)


if __name__ == "__main__":
    main()
