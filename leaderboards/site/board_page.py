"""The page of a track: its board, plots, curves, tables by scenario, certificates, and how to submit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ..board.board import Board
from ..submission.log import Entry
from ..sweeps.standings import Measure
from .agent_rows import AgentRow, Cell, cells, shows_gap
from .board_curves import board_curves
from .board_state import BoardState
from .duel_table import duel_table
from .interval_svg import IntervalRow, both_widths
from .page_templates import render_page

IN_PLOT = 40
"""Agents in the interval plot at most; a table holds all."""

MOST_CELLS = 2500
"""Numbers in the tables by scenario; beyond, they show the headline alone, and beyond that the best agents."""


def board_page(board: Board, rows: Sequence[AgentRow], entries: Sequence[Entry] = (), folders: int = 1) -> str:
    """The page as text.

    Args:
        board: What to show.
        rows: Of it.
        entries: The log's of this track.
        folders: How deep below the site's root the page lies.
    """
    from ...metrics import metrics

    headline = board.measures[0]
    names = [measure.name for measure in board.measures]
    return render_page(
        "board.html",
        root="../" * folders,
        here="tracks",
        state=BoardState.of(entries),
        track=board.track,
        measures=board.measures,
        metrics={name: metrics[name].load() for name in names},
        rows=rows,
        gap=shows_gap(headline),
        counts=_counts(rows),
        plots=_plots(rows, headline),
        in_plot=IN_PLOT,
        duels=duel_table(board, rows),
        marked=[row for row in rows if row.mark is not None],
        curves=board_curves(board, rows),
        scenarios=_scenarios(board, rows),
        certificates=_certificates(board, rows),
        module="my_module:MyAgent",
    )


def _plots(rows: Sequence[AgentRow], headline: Measure) -> list[Markup]:
    """The interval plot twice, wide and narrow: a page shows the one that fits. Nothing where there are no rows."""
    lines = [
        IntervalRow(row.name, row.line.estimates[headline.name], row.mark, bool(row.oracle)) for row in rows[:IN_PLOT]
    ]
    label = f"{headline.name} of {len(lines)} agents with 95% intervals, as in the table above"
    return both_widths(lines, label, f"{headline.name}, {headline.unit}", headline.optimum) if lines else []


def _counts(rows: Sequence[AgentRow]) -> Mapping[str, int]:
    found = {status: sum(row.status == status for row in rows) for status in ("verified", "unverified", "preview")}
    return found | {"oracles": sum(bool(row.oracle) for row in rows), "registered": sum(row.registered for row in rows)}


def _scenarios(board: Board, rows: Sequence[AgentRow]) -> list[dict[str, Any]]:
    """Tables by scenario, as many metrics and agents as a page bears; a single scenario is the table above."""
    names = list(board.track.scenarios)
    fresh = [row for row in rows if not row.outdated and set(names) <= row.line.by_scenario.keys()]
    if len(names) < 2 or not fresh:
        return []
    measures = list(board.measures)
    if len(fresh) * len(names) * len(measures) > MOST_CELLS:
        measures = measures[:1]
    fresh = fresh[: max(MOST_CELLS // (len(names) * len(measures)), 1)]
    return [
        {
            "name": name,
            "options": board.track.options(name, {}, demo=False),
            "measures": measures,
            "lines": _lines(fresh, name, [measure.name for measure in measures]),
        }
        for name in names
    ]


def _lines(rows: Sequence[AgentRow], scenario: str, names: Sequence[str]) -> list[tuple[AgentRow, list[Cell]]]:
    own = [row.line.by_scenario[scenario] for row in rows]
    columns = [cells([one.get(name) for one in own]) for name in names]
    return [(row, [column[k] for column in columns]) for k, row in enumerate(rows)]


def _certificates(board: Board, rows: Sequence[AgentRow]) -> list[dict[str, Any]]:
    """Metric by metric the worst lane of every agent with what proves it; the agents' pages have every scenario's."""
    found = []
    for measure in board.measures:
        sign, lines = measure.sign, []
        for row in rows:
            held = row.line.submission.findings.certificates.get(measure.name, {})
            if held:
                scenario = min(sorted(held), key=lambda name: sign * held[name].value)
                lines.append((row, scenario, held[scenario]))
        if lines:
            texts = cells_of([one.value for _, _, one in lines])
            found.append(
                {"measure": measure, "lines": [(*line, text) for line, text in zip(lines, texts, strict=True)]}
            )
    return found


def cells_of(values: Sequence[float]) -> list[str]:
    """Numbers without intervals as text."""
    from ..statistics.estimate import Estimate

    return [cell.value for cell in cells([Estimate(value, float("nan"), float("nan")) for value in values])]
