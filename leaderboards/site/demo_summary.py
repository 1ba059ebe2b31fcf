"""The cards that the demo page opens with: who wins each track, and how far from the optimum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..statistics.estimate import Estimate
from .agent_rows import Cell, cells
from .interval_svg import IntervalRow, interval_svg
from .svg_axes import curve_marks

if TYPE_CHECKING:
    from ..sweeps.standings import Measure, Standing, Standings

IN_PLOT, LEADERS = 6, 4


def in_rank_order(lines: Sequence[Standing]) -> list[Standing]:
    """Ranked agents by their ranks, then oracles; agents of equal ranks keep their order, the best score first."""
    return sorted(lines, key=lambda line: (line.ranks is None, line.ranks or (0, 0)))


def summary_card(standings: Standings) -> dict[str, Any]:
    """What the card of one track holds."""
    headline = standings.measures[0]
    lines = in_rank_order(standings.lines)
    estimates = [line.estimates[headline.name] for line in lines]
    leaders = [k for k, line in enumerate(lines) if line.ranks is not None and line.ranks[0] == 1]
    oracles = [line for line in standings.lines if line.privileges]
    scores, gaps = cells(estimates), gap_cells(estimates, headline)
    return {
        "track": standings.track,
        "seeds": standings.seeds,
        "headline": headline,
        "agents": len(lines) + len(standings.failed),
        "oracles": len(oracles),
        "failed": [one.agent for one in standings.failed],
        "leaders": [(lines[k].agent, scores[k], gaps[k] if gaps else None) for k in leaders[:LEADERS]],
        "more": len(leaders[LEADERS:]),
        "oracle": (oracles[0].agent, scores[lines.index(oracles[0])]) if oracles else None,
        "plot": _plot(standings),
    }


def gap_cells(estimates: Sequence[Estimate], headline: Measure) -> list[Cell]:
    """How far each score is from the optimum, a positive number; none where the metric's optimum is not one number."""
    if headline.optimum is None:
        return []
    return cells([_gap(one, headline.optimum, headline.sign) for one in estimates])


def _gap(score: Estimate, optimum: float, sign: float) -> Estimate:
    low, high = sorted((sign * (optimum - score.low), sign * (optimum - score.high)))
    return Estimate(sign * (optimum - score.value), low, high)


def _plot(standings: Standings) -> Any:
    """The best agents with their intervals, and the optimum as a line."""
    headline, lines = standings.measures[0], standings.lines
    marks = curve_marks([bool(line.privileges) for line in lines], [False for _ in lines])
    rows = [
        IntervalRow(line.agent, line.estimates[headline.name], mark, bool(line.privileges))
        for line, mark in zip(lines, marks, strict=True)
    ][:IN_PLOT]
    label = f"{headline.name} of the first {len(rows)} agents of {standings.track.track_id}, with 95% intervals"
    return interval_svg(rows, label, headline.name, headline.optimum, width=430) if rows else ""
