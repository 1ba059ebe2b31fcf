"""The pairs of a comparison for a terminal."""

from __future__ import annotations

from math import isfinite
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from ..leaderboards.statistics.estimate import Estimate
from ..leaderboards.statistics.number_text import number_text
from ..leaderboards.sweeps.standings import Standings
from ..leaderboards.sweeps.standings_text import ARROWS, title_of


def pairs_table(standings: Standings, document: dict[str, Any]) -> Group:
    """The pairs of `head_to_head`: a table a metric, a line a pair."""
    parts: list[Table] = []
    for measure in standings.measures:
        pairs = [pair for pair in document["pairs"] if pair["metric"] == measure.name]
        if not pairs:
            continue
        title = f"{measure.name}{ARROWS[measure.better]}, {measure.unit}"
        table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
        for side in ("first", "second"):
            table.add_column(side, overflow="fold")
        for heading in (Text("first - second"), Text.assemble("first is better", ("\non a seed", "dim"))):
            table.add_column(heading, justify="right", overflow="fold")
        for pair, difference in zip(
            pairs, number_text([Estimate.read(one["difference"]) for one in pairs]), strict=True
        ):
            chance = Estimate.read(pair["probability_of_improvement"])
            share = (f"{chance.value:.0%}", f"[{chance.low:.0%}, {chance.high:.0%}]" if isfinite(chance.low) else "–")
            cells = [Text.assemble(value, "\n", (interval, "dim")) for value, interval in (difference, share)]
            names = [f"{pair[side]} ✓" if pair["verdict"] == pair[side] else pair[side] for side in ("first", "second")]
            table.add_row(*map(Text, names), *cells)
        parts.append(table)
    legend = (
        "Scores on the same seeds with paired bootstrap 95% intervals, each pair by itself; a tie counts half. "
        "✓ marks the better agent: the interval of the difference excludes zero."
    )
    failed = [Text(one.text.replace("has no rank", "is not compared"), "red") for one in standings.failed]
    return Group(Text(title_of(standings), "bold"), *parts, *failed, Text(legend, "dim"))
