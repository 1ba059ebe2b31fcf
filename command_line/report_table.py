"""A kept contract for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from ..core.contract import Report


def report_table(report: Report) -> Group:
    """The verdict, a line a clause with what it promises, and what could not be checked."""
    clauses = Table(box=None, show_header=False, padding=(0, 1))
    clauses.add_column(overflow="fold", ratio=2)
    clauses.add_column(overflow="fold", ratio=3, style="dim")
    for name, promise in zip(report.passed, report.promises, strict=True):
        clauses.add_row(Text(f"✓ {name}"), Text(promise))
    notes = [Text(f"Note: {note}.") for note in report.notes]
    verdict = f"{report.subject} keeps the contract: {len(report.passed)} clauses hold."
    return Group(Text(verdict), clauses, *notes)
