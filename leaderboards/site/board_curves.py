"""The curves of a board: for every metric that has any, a panel a scenario with the best agents and the bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..board.board import Board
from ..submission.findings import CurveRecord
from .agent_rows import AgentRow
from .curve_svg import CurveLine, curve_svg

PANELS = 24
"""On one page at most."""


def board_curves(board: Board, rows: Sequence[AgentRow]) -> list[dict[str, Any]]:
    """Metric by metric: `measure`, `bound` (what it is, or ""), `panels` (scenario, svg), `left_out` scenarios."""
    from ...metrics import metrics

    marked = [(row.mark, row.line.submission.findings.curves) for row in rows if row.mark is not None]
    found: list[dict[str, Any]] = []
    left = PANELS
    for measure in board.measures:
        own = [(mark, curves[measure.name]) for mark, curves in marked if measure.name in curves]
        scenarios = [name for name in board.track.scenarios if any(name in curves for _, curves in own)]
        if not scenarios:
            continue
        shown, left = scenarios[:left], left - len(scenarios[:left])
        panels = [(name, _panel(board, measure.name, measure.unit, name, own)) for name in shown]
        bounded = any(_bounded(curves, name) for _, curves in own for name in shown)
        found.append(
            {
                "measure": measure,
                "bound": metrics[measure.name].load().bound_meaning if bounded else "",
                "panels": panels,
                "left_out": scenarios[len(shown) :],
            }
        )
    return found


def _panel(
    board: Board, metric: str, unit: str, scenario: str, own: Sequence[tuple[int, Mapping[str, CurveRecord]]]
) -> Any:
    lines = [CurveLine(mark, curves[scenario]) for mark, curves in own if scenario in curves]
    bound = next((curves[scenario] for _, curves in own if _bounded(curves, scenario)), None)
    return curve_svg(lines, f"{metric} over time in {scenario}: {len(lines)} best agents", unit, bound)


def _bounded(curves: Mapping[str, CurveRecord], scenario: str) -> bool:
    return scenario in curves and bool(curves[scenario].bound)
