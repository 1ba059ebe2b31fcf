"""An audit as a table for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan
from typing import TYPE_CHECKING, Any

from ..statistics.estimate import Estimate
from ..statistics.number_text import number_text

if TYPE_CHECKING:
    from rich.console import RenderableType


def audit_table(audit: Mapping[str, Any]) -> RenderableType:
    """A table of an audit's document, its verdict below."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    arrow = {"higher": "higher is better", "lower": "lower is better"}[audit["better"]]
    size = audit["size"]
    table = Table(
        title=f"{audit['env_id']}: {audit['metric']} in {audit['unit']}, {arrow} "
        f"({len(audit['scenarios'])} scenarios, {size['seeds']} seeds each)",
        title_justify="left",
    )
    for name in ("kind", "score", "behind the reference"):
        table.add_column(name, no_wrap=True)
    table.add_column("what plays")
    values = number_text([_estimate(line["estimate"]) for line in audit["lines"]])
    behind = number_text([_estimate(line["behind"]) for line in audit["lines"]])
    for line, (value, interval), (gap, spread) in zip(audit["lines"], values, behind, strict=True):
        table.add_row(line["kind"], f"{value} {interval}", f"{gap} {spread}".replace("– –", "–"), Text(_played(line)))
    return Group(table, Text(audit["verdict"]))


def _played(line: Mapping[str, Any]) -> str:
    """Who played, if that fits: what differs from scenario to scenario is in the document."""
    names = list(dict.fromkeys(own["agent"] for own in line["by_scenario"].values()))
    return names[0] if len(names) == 1 and len(names[0]) <= 60 else f"{len(names)} of them, by scenario"


def _estimate(document: Mapping[str, float | None] | None) -> Estimate:
    read = document or {}
    value, low, high = (nan if (number := read.get(key)) is None else number for key in ("value", "low", "high"))
    return Estimate(value, low, high)
