"""`palaestra board`: commands for a board's keeper, and for the workflow that checks pull requests."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ..core.errors import PalaestraError
from ..core.escape_text import escape_text
from ..leaderboards.board.board_folder import board_at, own_board
from .command_options import AsJson, examples

Board = Annotated[
    Path | None, typer.Option(help="Folder with log.jsonl and submissions/; if left out, palaestra's own board.")
]

ACCEPT = examples("palaestra board accept winners.zip --board my-board", "palaestra board accept --waiting")
REGISTER = examples(
    'palaestra board register model-routing-v0 --agent my_module:MyAgent --name Winners --author "A. Author"',
    'palaestra board register model-routing-v0 --digest 6b86b273… --name Winners --author "A. Author"',
)
DIGEST = examples("palaestra board digest my_module:MyAgent", 'palaestra board digest "NumericHedge(rate=0.1)" --json')

CHECK = examples("palaestra board check", "palaestra board check --since origin/main", "palaestra board check --replay")
SHOW = examples("palaestra board show model-routing-v0", "palaestra board show model-routing-v0 --json")

REFERENCES = examples("palaestra board references", "palaestra board references transfer-welfare-v0 --board my-board")


def add_to(app: typer.Typer) -> None:
    """Give the command line its group `board`."""
    board = typer.Typer(no_args_is_help=True, help="Boards of accepted submissions.")
    board.command(epilog=ACCEPT)(accept)
    board.command(epilog=DIGEST)(digest)
    board.command(epilog=REGISTER)(register)
    board.command(epilog=CHECK)(check)
    board.command(epilog=SHOW)(show)
    board.command(epilog=REFERENCES)(references)
    app.add_typer(board, name="board")


def accept(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[SUBMISSION...]", help="Folders of submissions, or ZIP archives of them."),
    ] = None,
    board: Board = None,
    all_waiting: Annotated[
        bool, typer.Option("--waiting", help="Accept every folder on the board that has no entry in its log.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Verify submissions and add them to the board and its log; exit code 1 if one is refused.

    Refused submissions are named and skipped; the others are still accepted.
    """
    from ..core.progress_bar import progress_bar
    from ..leaderboards.board.accept import LOG
    from ..leaderboards.board.accept import accept as take
    from ..leaderboards.board.board_submission import waiting
    from ..leaderboards.submission.log import read_log
    from ..leaderboards.submission.submission_folder import submission_folder
    from ..leaderboards.submission.untrusted_file import check_submission_path

    home, chosen = board or own_board(), list(folders or ())
    if not chosen and not all_waiting:
        raise PalaestraError(
            "Name the submissions to accept, or give --waiting for every folder on the board without "
            "an entry in its log."
        )
    for path in chosen:
        check_submission_path(path)
    chosen += waiting(home, read_log(home / LOG)) if all_waiting else ()
    entries, refused = [], []
    for path in chosen:
        try:
            with progress_bar(path.name) as feed, submission_folder(path) as folder:
                entries.append(take(folder, home, progress=feed))
        except (PalaestraError, OSError) as error:
            refused.append({"submission": str(path), "reason": str(error)})
    if as_json:
        typer.echo(json.dumps({"accepted": [asdict(entry) for entry in entries], "refused": refused}))
    else:
        for entry in entries:
            typer.echo(f"Entry {entry.number}: {entry.name} by {entry.author} on {entry.track}, {entry.status}.")
        for one in refused:
            typer.secho(escape_text(f"Refused: {one['submission']}: {one['reason']}"), fg="red", err=True)
    if refused:
        raise typer.Exit(1)


def digest(
    agent: Annotated[
        str,
        typer.Argument(
            metavar="AGENT", help="Your own module:attribute or a registered name, with options in brackets."
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Print an agent's digest. A board's keeper needs only the digest to register the agent."""
    from ..leaderboards.submission.agent_digest import agent_digest

    found = agent_digest(agent)
    document = {"agent": agent, "digest": found.value, "files": found.files}
    typer.echo(json.dumps(document) if as_json else found.value)


def register(
    track: Annotated[str, typer.Argument(metavar="TRACK")],
    name: Annotated[str, typer.Option(help="The agent's name on the board.")],
    author: Annotated[str, typer.Option(help="The author's name on the board.")],
    agent: Annotated[
        str, typer.Option(help="Your own module:attribute or a registered name, with options in brackets.")
    ] = "",
    digest: Annotated[
        str, typer.Option(help="Instead of --agent: the digest that `palaestra board digest` printed.")
    ] = "",
    board: Board = None,
    as_json: AsJson = False,
) -> None:
    """Register an agent in the log before it is run, as proof that its seeds were not picked."""
    from ..leaderboards.board.accept import LOG
    from ..leaderboards.submission.agent_digest import agent_digest
    from ..leaderboards.submission.log import register as write
    from ..leaderboards.tracks import tracks

    if bool(agent) == bool(digest):
        raise PalaestraError("Name the agent either with --agent, or with --digest if it is stored elsewhere.")
    if digest and re.fullmatch("[0-9a-f]{64}", digest) is None:
        raise PalaestraError(
            f"--digest {digest!r} is not what `palaestra board digest AGENT` prints: 64 hexadecimal digits."
        )
    value = digest or agent_digest(agent).value
    entry = write((board or own_board()) / LOG, tracks[track].name, name, author, value)
    if as_json:
        typer.echo(json.dumps(asdict(entry)))
        return
    typer.echo(
        f"Entry {entry.number}. Publish the log, then: palaestra submit {track} --agent {agent or '…'} "
        f"{shlex.join(['--name', name, '--author', author])} --registration {entry.hash}"
    )


def check(
    board: Board = None,
    since: Annotated[
        str, typer.Option(help="A git revision; nothing that was on the board then may have changed.")
    ] = "",
    proposal: Annotated[
        bool, typer.Option("--proposal", help="Treat everything since --since as an untrusted pull request.")
    ] = False,
    replay: Annotated[
        bool, typer.Option("--replay", help="Verify again every accepted submission whose traces are stored here.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the log and the accepted folders, and verify new submissions; exit code 1 if a check fails."""
    from ..core.progress_bar import progress_bar
    from ..leaderboards.board.board_submission import read_board
    from ..leaderboards.board.check_board import check_board
    from ..leaderboards.board.check_report import CheckReport
    from ..leaderboards.board.git import commit_of
    from ..leaderboards.board.verify_again import verify_again

    home = board_at(board)
    if proposal and not since:
        raise PalaestraError("--proposal needs --since, the revision that the pull request will be merged into.")
    if since:
        since = commit_of(home, since)
    try:
        with progress_bar("board") as feed:
            found = check_board(home, since, proposal=proposal, progress=feed)
            report = CheckReport(home, found, verify_again(*read_board(home), feed) if replay else None)
    except PalaestraError as error:
        if as_json:
            typer.echo(json.dumps({"holds": False, "reason": str(error)}))
        else:
            typer.secho(escape_text(f"The board failed its check: {error}"), fg="red", err=True)
        raise typer.Exit(1) from None
    typer.echo(json.dumps(report.document) if as_json else report.text)
    if not report.holds:
        raise typer.Exit(1)


def show(
    track: Annotated[str, typer.Argument(metavar="TRACK")],
    board: Board = None,
    as_json: AsJson = False,
) -> None:
    """Show a track's board: ranks, scores with intervals, gaps, attempts."""
    from rich.console import Console

    from ..leaderboards.board.board import Board as Ranking
    from ..leaderboards.board.board_submission import read_board
    from ..leaderboards.board.board_table import board_table
    from ..leaderboards.board.season import Season
    from ..leaderboards.tracks import tracks

    home = board_at(board)
    submissions, entries = read_board(home)
    ranking = Ranking.of(Season.of(home).track(tracks[track].load()), submissions, entries)
    if as_json:
        typer.echo(json.dumps(ranking.document))
    else:
        Console().print(board_table(ranking))


def references(
    track: Annotated[list[str] | None, typer.Argument(metavar="[TRACK...]")] = None,
    board: Board = None,
    work: Annotated[Path, typer.Option(help="Folder for the jobs' results; a killed run resumes from there.")] = Path(
        "results"
    ),
    workers: Annotated[int, typer.Option(help="Number of processes; 0 means one per core.", min=0)] = 0,
    as_json: AsJson = False,
) -> None:
    """Submit and accept the reference agents that are missing on the board, of every track if none is named."""
    from ..core.progress_bar import progress_bar
    from ..leaderboards.board.references import accept_references
    from ..leaderboards.submission.submit import JobsFailed
    from ..leaderboards.tracks import tracks

    chosen = [tracks[name].load() for name in track or tracks]
    entries: list[dict[str, object]] = []
    failures: tuple[str, ...] = ()
    try:
        with progress_bar("references") as feed:
            for entry in accept_references(chosen, board or own_board(), work=work, workers=workers, progress=feed):
                entries.append(asdict(entry))
                if not as_json:
                    typer.echo(f"Entry {entry.number}: {entry.name} on {entry.track}.")
    except JobsFailed as failed:
        failures = failed.messages
    if as_json:
        typer.echo(json.dumps({"accepted": entries, "failures": list(failures)}))
    for message in failures:
        typer.secho(f"Failed: {message}", fg="red", err=True)
    if failures:
        raise typer.Exit(1)
