"""`palaestra board`: what its keeper does, and what a workflow runs on a pull request."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

Board = Annotated[
    Path | None, typer.Option(help="Folder with log.jsonl and submissions/; palaestra's own if left out.")
]

ACCEPT = """Examples:

  palaestra board accept winners

  palaestra board accept winners --board my-board"""
REGISTER = """Examples:

  palaestra board register model-routing-v0 --agent my_module:MyAgent --name Winners --author "A. Author\""""


def add_to(app: typer.Typer) -> None:
    """Give the command line its group `board`."""
    board = typer.Typer(no_args_is_help=True, help="Boards of accepted submissions.")
    board.command(epilog=ACCEPT)(accept)
    board.command(epilog=REGISTER)(register)
    app.add_typer(board, name="board")


def own_board() -> Path:
    """The board that comes with palaestra."""
    return Path(__file__).resolve().parents[1]


def accept(
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER...")],
    board: Board = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the log's entries as JSON alone.")] = False,
) -> None:
    """Verify submissions, put them on a board and append them to its log. What is there already stays as it is."""
    from ..progress_bar import progress_bar
    from .accept import accept as take

    entries = []
    for folder in folders:
        with progress_bar(folder.name) as feed:
            entries.append(take(folder, board or own_board(), progress=feed))
    if as_json:
        typer.echo(json.dumps([asdict(entry) for entry in entries]))
        return
    for entry in entries:
        typer.echo(f"Entry {entry.number}: {entry.name} by {entry.author} on {entry.track}, {entry.status}.")


def register(
    track: Annotated[str, typer.Argument(metavar="TRACK")],
    agent: Annotated[str, typer.Option(help="module:attribute, options in brackets; or a registered name.")],
    name: Annotated[str, typer.Option(help="What the agent is called on the board.")],
    author: Annotated[str, typer.Option(help="Who made it.")],
    board: Board = None,
) -> None:
    """Name an agent in the log before it is run, so that nobody can say its seeds were picked."""
    from .. import tracks
    from ..submission.agent_digest import agent_digest
    from ..submission.log import register as write
    from .accept import LOG

    entry = write((board or own_board()) / LOG, tracks[track].name, name, author, agent_digest(agent).value)
    typer.echo(f"Entry {entry.number}. Now: palaestra submit {track} … --registration {entry.hash}")
