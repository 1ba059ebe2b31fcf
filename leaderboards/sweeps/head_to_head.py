"""Every pair of some agents, head to head on a track."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from ..statistics.comparison import Comparison
from ..statistics.estimate import Estimate
from .standings import Standings


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
