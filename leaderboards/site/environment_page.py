"""The page of an environment, from the registry: its rules and live facts, who plays it, what trivial play scores."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..audit.record import AuditRecord
from ..board.commands import own_board
from ..command_line.describe import describe
from ..command_line.listing import registries, titled
from ..statistics.estimate import Estimate
from ..track import Track
from .agent_rows import cells
from .interval_svg import IntervalRow, interval_svg
from .page_templates import rendered


def environment_page(name: str, board: Path, tracks: Sequence[Track]) -> str:
    """The page as text.

    Args:
        name: The environment.
        board: The board whose `audits` are shown; where it has none of this environment, those that come along are.
        tracks: Those that have pages.
    """
    record = AuditRecord.read(name, board) or AuditRecord.read(name, own_board())
    return rendered(
        "environment.html",
        layout="site.html",
        root="../",
        here="environments",
        environment=environment_facts(name),
        tracks=[(one.track_id, one.about) for one in tracks if one.env_id == name],
        audit=None if record is None else _audit(record),
    )


def environment_facts(name: str) -> dict[str, Any]:
    """What `describe` says, with its page as HTML and its reference agents."""
    from markdown_it import MarkdownIt
    from markupsafe import Markup

    described = describe(name)
    agents = registries()["agent"]
    written = [agent for agent in agents if name in agents[agent].load().plays]
    return described | {
        "html": Markup(MarkdownIt("commonmark", {"html": False}).render(described["page"])),
        "options": [{**option, "default": repr(option["default"])} for option in described["options"]],
        "facts": {key: {True: "yes", False: "no"}.get(value, value) for key, value in described["facts"].items()},
        "agents": [(agent, titled({"summary": agents[agent].summary})) for agent in written],
    }


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
        "plot": interval_svg(rows, f"Trivial agents: {what}", what, document["optimum"]),
    }
