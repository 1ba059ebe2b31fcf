"""Compare every pair of some agents on a track."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import isfinite
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from ..leaderboards.statistics.comparison import Comparison
from ..leaderboards.statistics.estimate import Estimate
from ..leaderboards.statistics.number_text import number_text
from ..leaderboards.sweeps.standings import Standings
from ..leaderboards.sweeps.standings_text import ARROWS, title_of


def head_to_head(standings: Standings, agents: Sequence[str]) -> dict[str, Any]:
    """Compare every pair on every metric that has a better direction.

    Returns:
        The track, a list of pairs (first, second, metric, difference, probability of improvement, verdict), and the
        agents that failed, with the scenarios they failed in.
    """
    results = standings.results
    kept = [agent for agent in agents if agent in results.agents]
    pairs = []
    for first, second in combinations(kept, 2):
        for measure in standings.measures:
            if measure.better is None:
                continue
            scores = results.scores[measure.name]
            one, other = scores[results.agents.index(first)], scores[results.agents.index(second)]
            made = Comparison.of(one, other, measure.better)
            pairs.append(
                {
                    "first": first,
                    "second": second,
                    "metric": measure.name,
                    "better": measure.better,
                    "difference": made.difference.document,
                    "probability_of_improvement": made.improvement.document,
                    "verdict": _verdict(made.difference, measure.better, first, second),
                }
            )
    return {
        "track": standings.track.track_id,
        "seeds": standings.seeds,
        "pairs": pairs,
        "failed": [one.document for one in standings.failed],
        "failures": standings.document["failures"],
    }


def _verdict(difference: Estimate, better: str, first: str, second: str) -> str:
    if not (difference.low > 0 or difference.high < 0):
        return "undecided"
    return first if (difference.low > 0) == (better == "higher") else second


def head_to_head_table(standings: Standings, document: dict[str, Any]) -> Group:
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
