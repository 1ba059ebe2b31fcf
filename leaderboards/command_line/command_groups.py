"""The commands that live beside what they do, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..audit import commands as audit
from ..board import commands as board
from ..server import commands as server
from ..site import commands as site
from ..submission import commands as submission

if TYPE_CHECKING:
    import typer

GROUPS = (submission, board, audit, server, site)


def add_groups(app: typer.Typer) -> None:
    """Give the command line every group."""
    for group in GROUPS:
        group.add_to(app)
