"""The list of command groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import audit_commands as audit
from . import board_commands as board
from . import new
from . import play_command as play
from . import server_commands as server
from . import site_commands as site
from . import submission_commands as submission

if TYPE_CHECKING:
    import typer

GROUPS = (play, submission, board, audit, server, site, new)


def add_groups(app: typer.Typer) -> None:
    """Give the command line every group."""
    for group in GROUPS:
        group.add_to(app)
