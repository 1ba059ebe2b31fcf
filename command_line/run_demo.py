"""The work of `palaestra demo`: every track at demo size, with tables, plots and a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.files import write_atomically
from ..core.progress_bar import progress_bar
from ..leaderboards.plots.curve_plot import curve_plot
from ..leaderboards.plots.interval_plot import interval_plot
from ..leaderboards.plots.pictures import pictures
from ..leaderboards.plots.plot_style import save_figure
from ..leaderboards.site.demo_page import write_site
from ..leaderboards.sweeps.bench import bench
from ..leaderboards.sweeps.standings import Standings
from .run_bench import command_text
from .standings_table import standings_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.console import RenderableType


def run_demo(
    out: Path, workers: int = 0, show: Callable[[RenderableType], None] | None = None, width: int = 120
) -> list[Standings]:
    """Benchmark the references of every track at demo size.

    Args:
        out: Gets `results/`, `plots/` (SVG and PNG) and `index.html`.
        workers: Number of processes; 0 means one per core.
        show: Is given each table as soon as its track is done.
        width: Columns of the terminal.
    """
    from ..leaderboards.tracks import tracks

    everything = []
    for name, track in tracks.loadable():
        with progress_bar(name) as feed:
            command = command_text(track, track.references, None, (), True)
            folder = out / "results"
            standings = bench(track, folder=folder, demo=True, workers=workers, progress=feed, command=command)
        if show:
            show(standings_table(standings, width, brief=True))
        if standings.lines:
            _save(interval_plot(standings), out / "plots" / name)
            for metric in standings.results.curves:
                _save(curve_plot(standings, metric), out / "plots" / f"{name}.{metric}")
        for picture, _, figure in pictures(standings):
            _save(figure, out / "plots" / f"{name}.{picture}")
        everything.append(standings)
    write_site(everything, out)
    return everything


def _save(figure: Figure, path: Path) -> None:
    """As SVG, and as PNG for pages that show no SVG."""
    for ending in ("svg", "png"):
        with write_atomically(path.with_name(f"{path.name}.{ending}")) as temporary:
            save_figure(figure, temporary, ending)
