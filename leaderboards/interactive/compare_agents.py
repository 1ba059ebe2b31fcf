"""`palaestra.compare`: agents head to head on the same seeds.

Offered to users as `palaestra.compare`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.errors import PalaestraError
from ...core.progress_bar import Report
from ..statistics.estimate import Estimate
from ..statistics.number_text import number_text
from ..sweeps.head_to_head import head_to_head
from ..sweeps.standings import Standings
from ..sweeps.standings_text import ARROWS, title_of
from ..tracks.track import Track
from .benchmark_agents import Benchmark, bench, named_agents
from .plain_table import PlainTable

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False)
class HeadToHead:
    """Every pair of some agents on every metric; as the last value of a cell it shows itself.

    Attributes:
        standings: The numbers behind it.
        pairs: first, second, metric, better, difference, probability_of_improvement, verdict.
    """

    standings: Standings
    pairs: tuple[Mapping[str, Any], ...]

    @property
    def document(self) -> dict[str, Any]:
        """Everything as plain JSON values."""
        failures = self.standings.document["failures"]
        return {
            "track": self.standings.track.track_id,
            "seeds": self.standings.seeds,
            "pairs": [dict(pair) for pair in self.pairs],
            "failures": failures,
        }

    @property
    def table(self) -> PlainTable:
        """One line per pair and metric."""
        differences = [number_text([Estimate.read(pair["difference"])])[0] for pair in self.pairs]
        shares = [Estimate.read(pair["probability_of_improvement"]).value for pair in self.pairs]
        rows = [
            [
                *(pair["first"], pair["second"], f"{pair['metric']}{ARROWS[pair['better']]}"),
                *(" ".join(difference), f"{share:.0%}", pair["verdict"]),
            ]
            for pair, difference, share in zip(self.pairs, differences, shares, strict=True)
        ]
        headings = ["first", "second", "metric", "first - second", "first is better on a seed", "better"]
        failed = [f"Failed: {one.job.title}: {one.message}" for one in self.standings.failures]
        legend = "Scores on the same seeds, with paired bootstrap 95% intervals; each pair on its own."
        return PlainTable(title_of(self.standings), headings, rows, [legend, *failed])

    def __repr__(self) -> str:
        return self.table.text

    def _repr_html_(self) -> str:
        return self.table.html

    def plot(self, metric: str | None = None) -> Figure:
        """A figure of the agents' scores, or of a metric over time: see `Benchmark.plot`."""
        return Benchmark(self.standings).plot(metric)


def compare(
    track: str | Track,
    agents: Any,
    *,
    seeds: int | None = None,
    demo: bool = False,
    options: Mapping[str, Any] | None = None,
    engine: str = "local",
    workers: int = 0,
    address: str = "",
    out: str | Path = "results",
    progress: bool | Report | None = True,
) -> HeadToHead:
    """Compare two or more agents on the same seeds of a track. The arguments are those of `palaestra.bench`.

    Raises:
        PalaestraError: Fewer than two agents, or input that cannot be; nothing has run then.
    """
    if not isinstance(agents, (list, tuple, Mapping)) or len(agents) < 2:
        raise PalaestraError("A comparison needs at least two agents: give a list or a mapping of them.")
    made = bench(
        track,
        agents,
        references=False,
        seeds=seeds,
        demo=demo,
        options=options,
        engine=engine,
        workers=workers,
        address=address,
        out=out,
        progress=progress,
    )
    pairs = head_to_head(made.standings, list(named_agents(agents)))["pairs"]
    return HeadToHead(made.standings, tuple(pairs))
