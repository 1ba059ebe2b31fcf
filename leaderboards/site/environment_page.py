"""The page of an environment, from the registry: rules and live facts, agents, and what trivial agents score."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from ..audit.audit_record import AuditRecord
from ..board.board_folder import own_board
from ..catalogue.describe import describe
from ..catalogue.listing import registries, short_summary
from ..statistics.estimate import Estimate
from ..tracks.track import Track
from .addresses import ReferencePages
from .agent_rows import Cell, cells
from .interval_svg import IntervalRow, both_widths
from .page_templates import render_page

LONGEST = 60
"""Characters of what plays that stand in the table; longer ones open."""

_ARXIV = re.compile(r"arXiv(\s+)(\d{4}\.\d{4,5})")
_ARGUMENTS = re.compile(r"^## Arguments\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def environment_page(name: str, board: Path, tracks: Sequence[Track], played: ReferencePages | None = None) -> str:
    """The page as text.

    Args:
        name: The environment.
        board: The board whose `audits` are shown; where it has none of this environment, those that come along are.
        tracks: Those that have pages.
        played: Where the pages of reference agents lie.
    """
    record = AuditRecord.read(name, board) or AuditRecord.read(name, own_board())
    return render_page(
        "environment.html",
        layout="site.html",
        root="../",
        here="environments",
        environment=environment_facts(name),
        tracks=[(one.track_id, one.about) for one in tracks if one.env_id == name],
        audit=None if record is None else _audit(record),
        played=(played or {}).get(name, {}),
    )


def environment_facts(name: str) -> dict[str, Any]:
    """What `describe` says, with its page as HTML and its reference agents."""
    described = describe(name)
    agents = registries()["agent"]
    written = [agent for agent, maker in agents.loadable() if name in getattr(maker, "plays", ())]
    before, after = _around_arguments(described["page"])
    return described | {
        "before": _html(before),
        "after": _html(after),
        "call": described["facts"]["made by"].replace(")", ", …)"),
        "options": [{**option, "default": repr(option["default"])} for option in described["options"]],
        "facts": {key: {True: "yes", False: "no"}.get(value, value) for key, value in described["facts"].items()},
        "agents": [(agent, short_summary({"summary": agents[agent].summary})) for agent in written],
    }


def _around_arguments(page: str) -> tuple[str, str]:
    """The Markdown before and after the section of arguments, in whose place the table of them stands."""
    found = _ARGUMENTS.search(page)
    return (page, "") if found is None else (page[: found.start()], page[found.end() :])


def _html(text: str) -> Markup:
    """Markdown as HTML, with the papers that it names as links."""
    from markdown_it import MarkdownIt

    page = MarkdownIt("commonmark", {"html": False}).render(text)
    return Markup(_ARXIV.sub(r'arXiv\1<a href="https://arxiv.org/abs/\2" rel="external noreferrer">\2</a>', page))


def _audit(record: AuditRecord) -> dict[str, Any]:
    """The lines with their numbers as text, and a plot of them."""
    document = record.audit
    estimates = [Estimate.read(line["estimate"]) for line in document["lines"]]
    behind = [Estimate.read(line["behind"]) for line in document["lines"]]
    rows = [
        IntervalRow(
            str(line["kind"]), estimate, 0 if line["kind"] in ("reference", "oracle") else 1, line["kind"] == "oracle"
        )
        for line, estimate in zip(document["lines"], estimates, strict=True)
    ]
    what = f"{document['metric']}, {document['unit']} ({document['better']} is better)"
    return {
        "document": document,
        "stale": record.stale,
        "lines": list(zip(document["lines"], cells(estimates), cells(behind), strict=True)),
        "scenarios": _by_scenario(document),
        "longest": LONGEST,
        "plots": both_widths(rows, f"Trivial agents: {what}", what, document["optimum"]),
    }


def _by_scenario(document: Mapping[str, Any]) -> list[tuple[str, list[Cell]]]:
    """Scenario by scenario the score of every line, in the lines' order; nothing where there is one scenario alone."""
    names = list(document["scenarios"])
    if len(names) < 2:
        return []
    return [
        (name, cells([Estimate.read(line["by_scenario"].get(name)) for line in document["lines"]])) for name in names
    ]
