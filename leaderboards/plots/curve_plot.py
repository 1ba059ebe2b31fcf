"""A metric over time, one panel per scenario: which agents learn, and how fast."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from ...core.arrays import Array
from ..statistics.interquartile_mean import interquartile_mean
from ..sweeps.standings_text import agent_text
from .plot_style import FADED, INK, agent_colors, new_figure

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..sweeps.results import Curve
    from ..sweeps.standings import Standings

FAR = 5.0
"""A bound that ends this many times above the highest agent is told in words."""

BOUND = "bound"
"""What it is called in the legend."""

SHOWN = 12
"""Scenarios at most; a page with more panels says nothing."""


def curve_plot(standings: Standings, metric: str) -> Figure:
    """The interquartile mean over seeds with a band from the lower to the upper quartile of seeds.

    Where the metric has a bound it is dotted, cut off above what is needed to see the agents and the bound's end.
    """
    curves = standings.results.curves[metric]
    scenarios = list(curves)[:SHOWN]
    columns = 2 if len(scenarios) in (2, 4) else min(len(scenarios), 3)
    rows = ceil(len(scenarios) / columns)
    measure = next(one for one in standings.measures if one.name == metric)
    colors = agent_colors(standings)
    wide = columns > 1
    name = f"{standings.track.track_id}/{metric} over time"
    with new_figure(name, 9.6 if wide else 6.8, 2.6 * rows + 0.22 * len(colors) / (4 if wide else 2) + 0.3) as figure:
        grid = figure.subplots(rows, columns, squeeze=False, sharey=True)
        for axes in grid.flat[len(scenarios) :]:
            axes.set_visible(False)
        for axes, scenario in zip(grid.flat, scenarios, strict=False):
            for line in standings.lines[::-1]:
                at = standings.results.agents.index(line.agent)
                _draw(axes, curves[scenario], at, colors[line.agent], agent_text(line))
            _draw_bound(axes, curves[scenario])
            axes.set_title(scenario, fontsize=10, loc="left")
            axes.grid(color=INK, alpha=0.12)
            axes.set_xlabel("step")
        for axes in grid[:, 0]:
            axes.set_ylabel(f"{metric}\n{measure.unit}")
        named: dict[str, Artist] = {}
        for axes in grid.flat:  # a bound may be that of a later scenario alone
            handles, labels = axes.get_legend_handles_labels()
            named |= dict(zip(labels, handles, strict=True))
        labels = list(named)[::-1]
        figure.legend(
            [named[label] for label in labels],
            labels,
            loc="outside lower center",
            ncols=4 if wide else 2,
            frameon=False,
            fontsize=9,
        )
    return figure


def bound_is_drawn(figure: Figure) -> bool:
    """Whether any panel of a plot of curves shows a bound.

    Args:
        figure: From `curve_plot`.
    """
    return any(line.get_label() == BOUND for axes in figure.axes for line in axes.get_lines())


def _draw(axes: Axes, curve: Curve, agent: int, color: str, label: str) -> None:
    values: Array = curve.values[agent]
    style = "--" if label.endswith("◇") else "-"
    if len(values) > 3 and color != FADED:
        low, high = np.quantile(values, (0.25, 0.75), axis=0)
        axes.fill_between(curve.steps, low, high, color=color, alpha=0.15, linewidth=0)
    axes.plot(curve.steps, interquartile_mean(values.T), style, color=color, linewidth=1.6, label=label)


def _draw_bound(axes: Axes, curve: Curve) -> None:
    """At the first steps a bound is many times what anybody loses: it enters from above.

    One that ends far above all agents would leave them a flat line, so there its end is told in words instead.
    """
    if curve.bound is None or not np.isfinite(curve.bound[-1]):
        return
    low, high = axes.get_ylim()
    end = float(curve.bound[-1])
    if end >= FAR * high:
        told = f"the bound ends at {end:.3g}"
        axes.text(0.98, 0.97, told, transform=axes.transAxes, ha="right", va="top", fontsize=8, color=INK)
        return
    axes.plot(curve.steps, curve.bound, ":", color=INK, linewidth=1.6, label=BOUND)
    axes.set_ylim(low, max(high, 1.25 * end))
