"""The site's first page: every track with its leading agents, and every environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...core.version import VERSION
from ..board.reserved_author import AUTHOR
from ..catalogue.listing import environment_faces, listing, short_summary
from ..statistics.estimate import Estimate
from ..sweeps.standings import measures_of
from ..tracks.track import Track
from .agent_rows import cells, shows_gap
from .board_state import BoardState
from .interval_svg import IntervalRow, interval_svg
from .page_templates import render_page
from .svg_axes import curve_marks

IN_PLOT, LEADERS = 5, 4


def index_page(tracks: Sequence[Track], documents: Mapping[str, Mapping[str, Any]], state: BoardState) -> str:
    """The page as text.

    Args:
        tracks: All registered tracks.
        documents: Track -> what `track_document` made of its board.
        state: Of the log, and when the site is built.
    """
    faces, listed = environment_faces(), listing()["environment"]
    return render_page(
        "overview.html",
        root="",
        here="tracks",
        cards=[_card(track, documents[track.track_id]) for track in tracks],
        environments=[(one["name"], short_summary(one), faces[one["name"]]) for one in listed if one["name"] in faces],
        agents=sum(len(one["agents"]) for one in documents.values()),
        entries=state.entries,
        state=state,
    )


def _card(track: Track, document: Mapping[str, Any]) -> dict[str, Any]:
    headline = measures_of(track)[0]
    agents = document["agents"]
    estimates = [Estimate.read(agent["metrics"][headline.name]) for agent in agents]
    scores, gaps = cells(estimates), cells([Estimate.read(agent["gap"]) for agent in agents])
    leaders = [k for k, agent in enumerate(agents) if agent["ranks"] and agent["ranks"][0] == 1]
    marks = curve_marks([agent["oracle"] for agent in agents], [agent["outdated"] for agent in agents])
    rows = [
        IntervalRow(agent["name"], estimate, mark, agent["oracle"])
        for agent, estimate, mark in zip(agents, estimates, marks, strict=True)
        if not agent["outdated"]
    ]
    label = f"{headline.name} of the first {len(rows[:IN_PLOT])} agents of {track.track_id}, with 95% intervals"
    return {
        "track": track,
        "headline": headline,
        "leaders": [(agents[k], scores[k]) for k in leaders[:LEADERS]],
        "more": len(leaders[LEADERS:]),
        "gap": gaps[leaders[0]] if leaders and shows_gap(headline) else None,
        "agents": len(agents),
        "oracles": sum(agent["oracle"] for agent in agents),
        "plot": interval_svg(rows[:IN_PLOT], label, headline.name, headline.optimum, width=430) if rows else "",
    }


TITLE = "palaestra: environments for learning with, against and from others"


def citation(state: BoardState) -> str:
    """One entry of type `software`; its note names the last entry of the log, where there is one.

    Args:
        state: Of the log, with the date of the build.
    """
    fields = {"title": f"{{{TITLE}}}", "author": f"{{{AUTHOR}}}", "version": VERSION, "year": state.built[:4]}
    if state.hash:
        fields["note"] = f"Leaderboards as of log entry {state.number} ({state.on}), hash {state.hash[:16]}"
    lines = ",\n".join(f"  {key:<7} = {{{value}}}" for key, value in fields.items())
    return f"@software{{palaestra,\n{lines}\n}}"
