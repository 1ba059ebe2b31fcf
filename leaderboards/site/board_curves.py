"""The curves of a board: for every metric that has any, one panel per scenario with the best agents and the bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..board.board import Board
from ..submission.findings import CurveRecord
from .agent_rows import AgentRow
from .curve_panels import Panel, curve_panels
from .curve_svg import CurveLine, bound_end

PANELS = 28
"""On one page at most."""


def board_curves(board: Board, rows: Sequence[AgentRow]) -> list[dict[str, Any]]:
    """Metric by metric: `measure`, `bound` (what it is, or ""), `panels`, `left_out` scenarios."""
    from ...metrics import metrics

    marked = [(row.mark, row.line.submission.findings.curves) for row in rows if row.mark is not None]
    found: list[dict[str, Any]] = []
    left = PANELS
    for measure in board.measures:
        own = [(mark, curves[measure.name]) for mark, curves in marked if measure.name in curves]
        scenarios = [name for name in board.track.scenarios if any(name in curves for _, curves in own)]
        if not scenarios:
            continue
        panels: list[Panel] = []
        left_out: list[str] = []
        for name in scenarios:
            made = _panels(board, measure.name, measure.unit, name, own)
            if left_out or len(made) > left:
                left_out.append(name)
                continue
            panels, left = panels + made, left - len(made)
        drawn = any(panel.bounded for panel in panels)
        found.append(
            {
                "measure": measure,
                "bound": metrics[measure.name].load().bound_meaning if drawn else "",
                "panels": panels,
                "left_out": left_out,
            }
        )
    return found


def _panels(
    board: Board, metric: str, unit: str, scenario: str, own: Sequence[tuple[int, Mapping[str, CurveRecord]]]
) -> list[Panel]:
    lines = [CurveLine(mark, curves[scenario]) for mark, curves in own if scenario in curves]
    largest = largest_of(board, metric, scenario, lines)
    return curve_panels(scenario, lines, f"{metric} over time in {scenario}: {len(lines)} agents", unit, largest)


def largest_of(board: Board, metric: str, scenario: str, lines: Sequence[CurveLine]) -> float | None:
    """The largest value of a metric in a scenario of the track, where it is known and some line has a bound."""
    if scenario not in board.track.scenarios or all(bound_end(line.curve) is None for line in lines):
        return None
    return largest_value(board.track.env_id, board.track.options(scenario, {}, demo=False), metric)


OF_REWARDS = ("external_regret", "rp_regret")
"""Metrics that are a mean over rounds of one reward minus another."""


def largest_value(env_id: str, options: Mapping[str, Any], metric: str) -> float | None:
    """The span of the rewards of a step, for a mean difference of two rewards; None where nothing is known.

    Args:
        env_id: The environment.
        options: Its options in the scenario.
        metric: Registered name.
    """
    if metric not in OF_REWARDS:
        return None
    from ...envs import environments

    low, high = environments[env_id].make(**options).facts.payoff_range
    return float(high - low)
