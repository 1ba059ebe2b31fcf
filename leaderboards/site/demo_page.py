"""Static pages of leaderboards: one index, one page per environment; opens from disk, loads nothing, no script."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.files import write_atomically
from ..catalogue.listing import environment_faces, listing, short_summary
from ..plots.curve_plot import bound_is_drawn, curve_plot
from ..plots.interval_plot import interval_plot
from ..plots.pictures import pictures
from ..plots.plot_style import INK, agent_colors, save_figure
from ..statistics.estimate import MISSING, Estimate
from ..statistics.number_text import number_text, rank_text
from ..sweeps.standings_text import ARROWS, title_of
from .demo_summary import in_rank_order, summary_card
from .environment_page import environment_facts
from .page_templates import render_page
from .shrink_svg import shrink_svg

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
    faces = environment_faces()
    environments = [
        (one["name"], short_summary(one), faces[one["name"]])
        for one in listing()["environment"]
        if one["name"] in faces
    ]
    for name, *_ in environments:
        facts = environment_facts(name)
        text = render_page("environment.html", environment=facts, root="../", here="environments", layout="base.html")
        _write(folder / "environments" / f"{name}.html", text)
    index = render_page(
        "index.html",
        cards=[summary_card(standings) for standings in everything],
        boards=[_board(standings) for standings in everything],
        demo=any(standings.demo for standings in everything),
        environments=environments,
        root="",
        here="tracks",
    )
    return _write(folder / "index.html", index)


def _write(path: Path, text: str) -> Path:
    with write_atomically(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return path


def _board(standings: Standings) -> dict[str, Any]:
    lines, failed = in_rank_order(standings.lines), standings.failed
    whole = [line.estimates for line in lines] + [{} for _ in failed]
    parts = {
        name: [line.by_scenario[name] for line in lines] + [one.by_scenario.get(name, {}) for one in failed]
        for name in standings.results.scenarios or standings.track.scenarios
    }
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
            {"name": name, "rows": _rows(standings, estimates, ranked=False)} for name, estimates in parts.items()
        ],
        "failures": [f"{failure.job.title}: {failure.message}" for failure in standings.failures],
        "plots": _plots(standings),
        "command": standings.command,
    }


def _rows(standings: Standings, estimates: Sequence[Mapping[str, Estimate]], *, ranked: bool) -> list[dict[str, Any]]:
    """A table: ranked agents by rank, oracles, and last the agents that failed.

    Args:
        standings: Whose.
        estimates: Metric -> estimate of each row; empty for an agent that failed there.
        ranked: Whether the rows have ranks.
    """
    columns = [number_text([own.get(measure.name, MISSING) for own in estimates]) for measure in standings.measures]
    colors, lines = agent_colors(standings), in_rank_order(standings.lines)
    rows = [
        {
            "agent": _breakable(line.agent),
            "rank": rank_text(line.ranks) if ranked else None,
            "oracle": ", ".join(f"{key}={value}" for key, value in line.privileges.items()),
            "color": colors[line.agent],
            "failed": "",
        }
        for line in lines
    ]
    rows += [
        {
            "agent": _breakable(one.agent),
            "rank": "failed" if ranked else None,
            "oracle": "",
            "color": "var(--warn)",
            "failed": f"failed in {', '.join(one.scenarios)}",
        }
        for one in standings.failed
    ]
    return [row | {"cells": [column[i] for column in columns]} for i, row in enumerate(rows)]


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
    return Markup(shrink_svg(svg).replace("<svg", f'<svg role="img" aria-label="{escape(label)}"', 1))
