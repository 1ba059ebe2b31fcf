"""`palaestra.bench`: a track's table from Python, with classes and objects of a notebook among the agents.

Offered to users as `palaestra.bench`.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError, UnknownName
from ...core.progress_bar import Report, reported
from ...core.traces.trace_columns import data_frame
from ..plots.curve_plot import curve_plot
from ..plots.interval_plot import interval_plot
from ..statistics.number_text import number_text, rank_text
from ..sweeps.bench import bench as bench_track
from ..sweeps.live_agent import LiveAgent
from ..sweeps.standings import Standings
from ..sweeps.standings_text import ARROWS, agent_text, legend_of, title_of
from ..tracks.track import Track
from .plain_table import PlainTable

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False)
class Benchmark:
    """A track's table; as the last value of a cell it shows itself.

    Attributes:
        standings: Estimates, ranks, failures and the numbers behind them.
    """

    standings: Standings

    @property
    def document(self) -> dict[str, Any]:
        """Everything as plain JSON values."""
        return self.standings.document

    @property
    def table(self) -> PlainTable:
        """One line per agent, best first: rank, then every metric with its interval."""
        standings = self.standings
        columns = [number_text([line.estimates[one.name] for line in standings.lines]) for one in standings.measures]
        rows = [
            [rank_text(line.ranks), agent_text(line), *(" ".join(column[k]) for column in columns)]
            for k, line in enumerate(standings.lines)
        ]
        failed = [f"Failed: {one.job.title}: {one.message}" for one in standings.failures]
        headings = ["rank", "agent", *(f"{one.name}{ARROWS[one.better]}" for one in standings.measures)]
        return PlainTable(title_of(standings), headings, rows, [legend_of(standings), *failed])

    def __repr__(self) -> str:
        return self.table.text

    def _repr_html_(self) -> str:
        return self.table.html

    def plot(self, metric: str | None = None) -> Figure:
        """A figure: every agent's headline score with its interval; or a metric over time, a panel per scenario.

        Args:
            metric: One that has a curve over time; None: the headline scores.

        Raises:
            PalaestraError: No agent finished, or the metric has no curve.
        """
        if not self.standings.lines:
            raise PalaestraError(
                "No agent finished: there is nothing to plot. The result's `standings.failures` say why."
            )
        if metric is None:
            return interval_plot(self.standings)
        if metric not in self.standings.results.curves:
            raise UnknownName("metric with a curve over time here", metric, self.standings.results.curves)
        return curve_plot(self.standings, metric)

    def to_columns(self) -> dict[str, Array]:
        """The scores as equally long arrays: `agent`, `scenario`, `seed`, and one column per metric."""
        found = self.standings.results
        agents, seeds, scenarios = np.meshgrid(
            np.array(found.agents, object), found.seeds, np.array(found.scenarios, object), indexing="ij"
        )
        named = {"agent": agents.ravel(), "scenario": scenarios.ravel(), "seed": seeds.ravel()}
        return named | {name: np.asarray(values).ravel() for name, values in found.scores.items()}

    def to_pandas(self) -> Any:
        """The rows of `to_columns` as a `pandas.DataFrame`.

        Raises:
            PalaestraError: pandas is not installed.
        """
        return data_frame(self.to_columns())


def bench(
    track: str | Track,
    agents: Any = (),
    *,
    references: bool | Sequence[str] = True,
    seeds: int | None = None,
    demo: bool = False,
    options: Mapping[str, Any] | None = None,
    engine: str = "local",
    workers: int = 0,
    address: str = "",
    out: str | Path = "results",
    progress: bool | Report | None = True,
) -> Benchmark:
    """Benchmark agents beside a track's references. A run that was stopped goes on where it was.

    Classes, objects and functions play in this process, one job after the other; names play in the engine's workers.
    Their results are kept under a fingerprint of their code and of the functions and data that it uses, so that a
    class that was edited is run again. What has no fingerprint is run every time, and a warning says so.

    Args:
        track: Its id, or a `Track`.
        agents: One or several: registered names, "module:attribute", classes, agents, models or functions
            `observation -> action`; a mapping gives them names.
        references: Whether the track's own agents stand beside them; or which of them.
        seeds: Lanes of each scenario, if not the track's own number.
        demo: The track's small size.
        options: Options of the environment laid over those of every scenario.
        engine: "local" (processes on this machine) or "ray" (a Ray cluster).
        workers: Jobs at once; 0: one per core.
        address: Of the Ray cluster.
        out: Folder of the results. What is finished there is not run again.
        progress: True shows a progress bar; a function is called with (jobs done, jobs, what runs).

    Raises:
        PalaestraError: Input that cannot be; nothing has run then. A job that fails is reported in the result.
    """
    record = track_of(track)
    named = named_agents(agents)
    live = _live(named)
    beside = record.references if references is True else tuple(references or ())
    chosen = [*(one for one in beside if one not in named), *named]
    if not chosen:
        raise PalaestraError("Nobody is left to benchmark: give agents, or references=True.")
    with reported(record.track_id, progress) as report:
        standings = bench_track(
            record,
            chosen,
            folder=Path(out),
            seeds=seeds,
            overrides=options,
            demo=demo,
            engine=engine,
            workers=workers,
            address=address,
            progress=report,
            live=live,
        )
    return Benchmark(standings)


def track_of(track: str | Track) -> Track:
    """The track of an id, or the track itself.

    Raises:
        UnknownName: No track is called that.
    """
    from ..tracks import tracks

    return track if isinstance(track, Track) else tracks[track].load()


def named_agents(agents: Any) -> dict[str, Any]:
    """Agents by name, in the order in which they were given.

    Raises:
        PalaestraError: Two of one name, or a name in place of an agent's own.
    """
    if isinstance(agents, Mapping):
        pairs = list(agents.items())
    else:
        several = list(agents) if isinstance(agents, (list, tuple)) else [agents]
        pairs = [(one if isinstance(one, str) else _name_of(one), one) for one in several]
    names = [name for name, _ in pairs]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise PalaestraError(f"Two agents are called {twice[0]!r}. Name them: {{'first': ..., 'second': ...}}.")
    for name, one in pairs:
        if isinstance(one, str) and name != one:
            raise PalaestraError(f"The agent {one!r} cannot be called {name!r}: only objects are given names here.")
    return dict(pairs)


def _live(agents: Mapping[str, Any]) -> dict[str, LiveAgent]:
    """Those that are objects of this process; a warning names those whose results cannot be kept."""
    live = {name: LiveAgent.of(name, one) for name, one in agents.items() if not isinstance(one, str)}
    if unknown := [name for name, one in live.items() if not one.is_cached]:
        warnings.warn(
            f"Results of {', '.join(unknown)} are not kept: it holds something that has no fingerprint, so two "
            "versions of it could not be told apart. It runs again each time.",
            stacklevel=3,
        )
    return live


def _name_of(agent: Any) -> str:
    name = str(getattr(agent, "__name__", type(agent).__name__))
    return "function" if name == "<lambda>" else name
