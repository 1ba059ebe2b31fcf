"""A dot and its interval for every agent, for a track's headline metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..sweeps.standings_text import agent_text
from .plot_style import INK, agent_colors, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..sweeps.standings import Standings


def interval_plot(standings: Standings) -> Figure:
    """Agents from best to worst, each with its interquartile mean and 95% interval; oracles hollow."""
    lines, measure = standings.lines[::-1], standings.measures[0]
    colors = agent_colors(standings)
    height = 0.9 + 0.3 * max(len(lines), 2)
    with new_figure(f"{standings.track.track_id}/{measure.name}", 7.2, height) as figure:
        axes = figure.add_subplot()
        for row, line in enumerate(lines):
            estimate, color = line.estimates[measure.name], colors[line.agent]
            axes.plot([estimate.low, estimate.high], [row, row], color=color, linewidth=2.4, solid_capstyle="butt")
            filled = "none" if line.privileges else color
            axes.plot(estimate.value, row, "o", color=color, markerfacecolor=filled, markersize=7, markeredgewidth=1.8)
        axes.set_yticks(range(len(lines)), [agent_text(line) for line in lines])
        axes.set_ylim(-0.6, len(lines) - 0.4)
        arrow = {"higher": " (higher is better)", "lower": " (lower is better)", None: ""}[measure.better]
        axes.set_xlabel(f"{measure.name}, {measure.unit}{arrow}")
        axes.grid(axis="x", color=INK, alpha=0.15)
        axes.tick_params(axis="y", length=0)
    return figure
