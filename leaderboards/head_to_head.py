"""Every pair of some agents, head to head on a track."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from .comparison import Comparison
from .estimate import Estimate
from .number_text import number_text
from .standings import Standings
from .tables import ARROWS, title_of


def head_to_head(standings: Standings, agents: Sequence[str]) -> dict[str, Any]:
    """Compare every pair on every metric that has a better direction.

    Returns:
        The track, and a list of pairs: first, second, metric, difference, probability of improvement, verdict.
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
    failures = standings.document["failures"]
    return {"track": standings.track.track_id, "seeds": standings.seeds, "pairs": pairs, "failures": failures}


def _verdict(difference: Estimate, better: str, first: str, second: str) -> str:
    if not (difference.low > 0 or difference.high < 0):
        return "undecided"
    return first if (difference.low > 0) == (better == "higher") else second


def head_to_head_table(standings: Standings, document: dict[str, Any]) -> Group:
    """The pairs of `head_to_head`, one a line."""
    table = Table()
    for heading in ("first", "second", "metric"):
        table.add_column(heading)
    for heading in ("difference\n[dim]first - second", "95% interval", "first is better\n[dim]on a seed"):
        table.add_column(heading, justify="right")
    table.add_column("verdict")
    for pair in document["pairs"]:
        difference, interval = number_text([_estimate(pair["difference"])])[0]
        chance = _estimate(pair["probability_of_improvement"])
        share = f"{chance.value:.0%} [{chance.low:.0%}, {chance.high:.0%}]" if chance.low == chance.low else "–"
        name = pair["metric"] + ARROWS[pair["better"]]
        table.add_row(pair["first"], pair["second"], name, difference, interval, share, pair["verdict"])
    legend = "Interquartile means on the same seeds, with paired stratified bootstrap 95% intervals; a tie counts half."
    return Group(Text(title_of(standings), "bold"), table, Text(legend, "dim"))


def _estimate(document: dict[str, Any]) -> Estimate:
    return Estimate(*(float("nan") if document[key] is None else document[key] for key in ("value", "low", "high")))
