"""`palaestra board`: what its keeper does, and what a workflow runs on a pull request."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ...core.errors import PalaestraError

Board = Annotated[
    Path | None, typer.Option(help="Folder with log.jsonl and submissions/; palaestra's own if left out.")
]

ACCEPT = """Examples:

  palaestra board accept winners

  palaestra board accept winners --board my-board"""
REGISTER = """Examples:

  palaestra board register model-routing-v0 --agent my_module:MyAgent --name Winners --author "A. Author\""""

CHECK = """Examples:

  palaestra board check

  palaestra board check --since origin/main"""
SHOW = """Examples:

  palaestra board show model-routing-v0

  palaestra board show model-routing-v0 --json"""

REFERENCES = """Examples:

  palaestra board references

  palaestra board references transfer-welfare-v0 --board my-board"""


def add_to(app: typer.Typer) -> None:
    """Give the command line its group `board`."""
    board = typer.Typer(no_args_is_help=True, help="Boards of accepted submissions.")
    board.command(epilog=ACCEPT)(accept)
    board.command(epilog=REGISTER)(register)
    board.command(epilog=CHECK)(check)
    board.command(epilog=SHOW)(show)
    board.command(epilog=REFERENCES)(references)
    app.add_typer(board, name="board")


def own_board() -> Path:
    """The board that comes with palaestra."""
    return Path(__file__).resolve().parents[1]


def board_at(board: Path | None) -> Path:
    """The board that is meant, for commands that only read: palaestra's own if none is named.

    Raises:
        PalaestraError: A folder that is not there, which would otherwise read as a board without entries.
    """
    if board is not None and not board.is_dir():
        raise PalaestraError(f"--board {board}: there is no such folder. A board holds log.jsonl and submissions/.")
    return board or own_board()


def accept(
    folders: Annotated[list[Path] | None, typer.Argument(metavar="[FOLDER...]")] = None,
    board: Board = None,
    all_waiting: Annotated[
        bool, typer.Option("--waiting", help="Every folder that lies there without an entry.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the log's entries as JSON alone.")] = False,
) -> None:
    """Verify submissions, put them on a board and append them to its log. What is there already stays as it is."""
    from ..command_line.progress_bar import progress_bar
    from ..submission.log import read_log
    from .accept import LOG
    from .accept import accept as take
    from .on_board import waiting

    home, chosen = board or own_board(), list(folders or ())
    chosen += waiting(home, read_log(home / LOG)) if all_waiting else ()
    if not chosen and not all_waiting:
        raise PalaestraError("Name the folders to accept, or --waiting for all that lie there without an entry.")
    for folder in chosen:
        if not folder.is_dir():
            raise PalaestraError(f"There is no folder {folder}. An archive is unpacked first.")
    entries = []
    for folder in chosen:
        with progress_bar(folder.name) as feed:
            entries.append(take(folder, home, progress=feed))
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


def check(
    board: Board = None,
    since: Annotated[str, typer.Option(help="A git revision that the board must extend.")] = "",
    proposal: Annotated[
        bool, typer.Option("--proposal", help="What came since is a stranger's: submissions alone, the log as it was.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON alone.")] = False,
) -> None:
    """Check log and folders, and verify the submissions that are new; exit code 1 if one is refused."""
    from ..command_line.progress_bar import progress_bar
    from .check import check_board

    home = board_at(board)
    with progress_bar("board") as feed:
        found = check_board(home, since, proposal=proposal, progress=feed)
    if as_json:
        typer.echo(json.dumps([{"folder": str(one.folder.relative_to(home)), "reason": one.reason} for one in found]))
    else:
        for one in found:
            typer.echo(f"{one.folder.relative_to(home)}: {'refused: ' + one.reason if one.reason else 'holds'}")
        typer.echo(f"The log holds; {len(found)} new submissions, {sum(bool(one.reason) for one in found)} refused.")
    if any(one.reason for one in found):
        raise typer.Exit(1)


def show(
    track: Annotated[str, typer.Argument(metavar="TRACK")],
    board: Board = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document alone.")] = False,
) -> None:
    """Show a track's board: ranks, scores with intervals, gaps, attempts."""
    from rich.console import Console

    from .. import tracks
    from .board import Board as Ranking
    from .on_board import read_board
    from .table import board_table

    submissions, entries = read_board(board_at(board))
    ranking = Ranking.of(tracks[track].load(), submissions, entries)
    if as_json:
        typer.echo(json.dumps(ranking.document))
    else:
        Console().print(board_table(ranking))


def references(
    track: Annotated[list[str] | None, typer.Argument(metavar="[TRACK...]")] = None,
    board: Board = None,
    work: Annotated[Path, typer.Option(help="Where results lie meanwhile; a killed run goes on.")] = Path("results"),
    workers: Annotated[int, typer.Option(help="Processes; 0: one a core.", min=0)] = 0,
) -> None:
    """Submit and accept the reference agents of tracks, of all if none is named, that are not on the board yet."""
    from .. import tracks
    from ..command_line.progress_bar import progress_bar
    from .references import accept_references

    chosen = [tracks[name].load() for name in track or tracks]
    with progress_bar("references") as feed:
        for entry in accept_references(chosen, board or own_board(), work=work, workers=workers, progress=feed):
            typer.echo(f"Entry {entry.number}: {entry.name} on {entry.track}.")
