"""A static page of leaderboards: one index, one page an environment; opens from disk, loads nothing, runs no script."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.files import written_aside
from ..catalogue.listing import environment_faces
from ..plots.curve_plot import bound_is_drawn, curve_plot
from ..plots.interval_plot import interval_plot
from ..plots.pictures import pictures
from ..plots.plot_style import INK, agent_colors, save_figure
from ..statistics.estimate import Estimate
from ..statistics.number_text import number_text, rank_text
from ..sweeps.standings_text import ARROWS, title_of
from .environment_page import environment_facts
from .page_templates import rendered
from .small_svg import small_svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..sweeps.standings import Standings


def write_site(everything: Sequence[Standings], folder: Path) -> Path:
    """Write `index.html` and `environments/ID.html` for every registered environment.

    Args:
        everything: One a track.
        folder: Where to; files of the same names are replaced.

    Returns:
        The index.
    """
    names = list(environment_faces())
    common = {"environments": names, "layout": "base.html"}
    for name in names:
        text = rendered("environment.html", environment=environment_facts(name), root="../", here=name, **common)
        _write(folder / "environments" / f"{name}.html", text)
    boards = [_board(standings) for standings in everything]
    demo = any(standings.demo for standings in everything)
    index = rendered("index.html", boards=boards, demo=demo, root="", here="", **common)
    return _write(folder / "index.html", index)


def _write(path: Path, text: str) -> Path:
    with written_aside(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return path


def _board(standings: Standings) -> dict[str, Any]:
    whole = [line.estimates for line in standings.lines]
    return {
        "track": standings.track,
        "seeds": standings.seeds,
        "title": title_of(standings),
        "measures": [
            {**vars(measure), "arrow": ARROWS[measure.better].replace(" ", "\N{NO-BREAK SPACE}")}
            for measure in standings.measures
        ],
        "rows": _rows(standings, whole, ranked=True),
        "scenarios": [
            {"name": name, "rows": _rows(standings, [line.by_scenario[name] for line in standings.lines], ranked=False)}
            for name in standings.results.scenarios
        ],
        "failures": [f"{failure.job.title}: {failure.message}" for failure in standings.failures],
        "plots": _plots(standings),
        "command": standings.command,
    }


def _rows(standings: Standings, estimates: Sequence[Mapping[str, Estimate]], *, ranked: bool) -> list[dict[str, Any]]:
    columns = [number_text([own[measure.name] for own in estimates]) for measure in standings.measures]
    colors = agent_colors(standings)
    return [
        {
            "agent": _breakable(line.agent),
            "rank": rank_text(line.ranks) if ranked else None,
            "oracle": ", ".join(f"{key}={value}" for key, value in line.privileges.items()),
            "color": colors[line.agent],
            "cells": [column[i] for column in columns],
        }
        for i, line in enumerate(standings.lines)
    ]


def _breakable(name: str) -> Any:
    """A name that a narrow page may break between its words."""
    from markupsafe import Markup

    return Markup("<wbr>").join(re.split(r"(?<=[a-z:])(?=[A-Z])", name))


def _plots(standings: Standings) -> list[dict[str, Any]]:
    if not standings.lines:
        return []
    from ...metrics import metrics

    headline = standings.measures[0].name
    name = standings.track.track_id
    plots = [
        {
            "svg": svg_of(interval_plot(standings), f"{name}: {headline} of every agent"),
            "label": f"{name}: {headline} of every agent",
            "caption": "Mean over scenarios of the interquartile mean over seeds, with 95% interval; hollow: oracles.",
        }
    ]
    for metric in standings.results.curves:
        label = f"{name}: {metric} over time"
        caption = "Interquartile mean over seeds; the band holds the middle half of the seeds; dashed: an oracle."
        figure = curve_plot(standings, metric)
        if bound_is_drawn(figure):
            caption += f" Dotted: {metrics[metric].load().bound_meaning.rstrip('.')}."
        plots.append({"svg": svg_of(figure, label), "label": label, "caption": caption})
    for picture, caption, figure in pictures(standings):
        label = f"{name}: {picture.replace('_', ' ')}"
        plots.append({"svg": svg_of(figure, label), "label": label, "caption": caption})
    return plots


def svg_of(figure: Figure, label: str) -> Any:
    """A figure as inline SVG whose ink is the page's text colour and which says what it shows."""
    from markupsafe import Markup, escape

    buffer = io.StringIO()
    save_figure(figure, buffer, "svg", page=True)
    text = buffer.getvalue()
    svg = text[text.index("<svg") :].replace(INK, "currentColor")
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)  # names such as figure_1 would stand twice in a page of two plots
    return Markup(small_svg(svg).replace("<svg", f'<svg role="img" aria-label="{escape(label)}"', 1))
