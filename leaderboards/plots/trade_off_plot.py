"""One metric against another, one dot per agent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..sweeps.standings_text import agent_text
from .plot_style import INK, agent_colors, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..sweeps.standings import Measure, Standings


def trade_off_plot(standings: Standings, x: str, y: str, joined: Sequence[str] = ()) -> Figure:
    """Every agent's interquartile means of two metrics with their 95% intervals; oracles hollow.

    Args:
        standings: Whose.
        x: Metric of the horizontal axis.
        y: Metric of the vertical axis.
        joined: Agents that a line joins in this order (a family with a parameter); absent ones are passed over.
    """
    by_name = {measure.name: measure for measure in standings.measures}
    colors, lines = agent_colors(standings), {line.agent: line for line in standings.lines}
    name = f"{standings.track.track_id}/{y} against {x}"
    with new_figure(name, 7.2, 4.2 + 0.12 * len(lines)) as figure:
        axes = figure.add_subplot()
        family = [lines[agent].estimates for agent in joined if agent in lines]
        axes.plot([own[x].value for own in family], [own[y].value for own in family], color=INK, alpha=0.4, zorder=1)
        for line in standings.lines:
            across, up, color = line.estimates[x], line.estimates[y], colors[line.agent]
            axes.plot([across.low, across.high], [up.value] * 2, color=color, alpha=0.5)
            axes.plot([across.value] * 2, [up.low, up.high], color=color, alpha=0.5)
            filled = "none" if line.privileges else color
            axes.plot(
                *(across.value, up.value),
                "o",
                color=color,
                markerfacecolor=filled,
                markersize=7,
                label=agent_text(line),
            )
        _title(axes, by_name[x], by_name[y])
        axes.grid(color=INK, alpha=0.12)
        figure.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=9)
    return figure


def _title(axes: Axes, x: Measure, y: Measure) -> None:
    arrow = {"higher": " (higher is better)", "lower": " (lower is better)", None: ""}
    axes.set_xlabel(f"{x.name}, {x.unit}{arrow[x.better]}")
    axes.set_ylabel(f"{y.name}, {y.unit}{arrow[y.better]}")
