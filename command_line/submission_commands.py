"""`palaestra submit` and `palaestra verify`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ..core.errors import PalaestraError
from .command_options import Address, AsJson, Engine, Workers, examples

if TYPE_CHECKING:
    from ..leaderboards.sweeps.work_estimate import WorkEstimate

SUBMIT = examples(
    'palaestra submit model-routing-v0 --agent my_module:MyAgent --name Winners --author "A. Author" --out winners'
)
VERIFY = examples(
    "palaestra verify winners",
    "palaestra verify winners.zip",
    "palaestra verify winners --agent my_module:MyAgent",
    "palaestra verify winners --json",
)


SCHEMA = examples("palaestra schema", "palaestra schema > submission.schema.json")
KEYS = examples("palaestra keys new my.key")


def add_to(app: typer.Typer) -> None:
    """Give the command line its commands."""
    app.command(epilog=SUBMIT)(submit)
    app.command(epilog=VERIFY)(verify)
    app.command(epilog=SCHEMA)(schema)
    keys = typer.Typer(no_args_is_help=True, help="Keys for signing submissions.")
    keys.command(epilog=KEYS)(new)
    keys.callback()(lambda: None)
    app.add_typer(keys, name="keys")


def schema() -> None:
    """Print the JSON Schema of a submission's manifest."""
    from ..leaderboards.submission.manifest import schema_text

    typer.echo(schema_text(), nl=False)


def new(file: Annotated[Path, typer.Argument(metavar="FILE")], as_json: AsJson = False) -> None:
    """Make a key for signing submissions, and print its public key."""
    from ..leaderboards.submission.signature import new_key

    public = new_key(file)
    typer.echo(json.dumps({"file": str(file), "public": public}) if as_json else public)


def submit(
    track: Annotated[str, typer.Argument(metavar="TRACK")],
    agent: Annotated[
        str, typer.Option(help="Your own module:attribute or a registered name, with options in brackets.")
    ],
    name: Annotated[str, typer.Option(help="The agent's name on the board.")],
    author: Annotated[str, typer.Option(help="The author's name on the board.")],
    url: Annotated[str, typer.Option(help="Address of a page about the agent.")] = "",
    out: Annotated[Path, typer.Option(help="Folder to create; it must not exist yet.")] = Path("submission"),
    work: Annotated[Path, typer.Option(help="Folder for the jobs' results; a killed run resumes from there.")] = Path(
        "results"
    ),
    engine: Engine = "local",
    address: Address = "",
    workers: Workers = 0,
    registration: Annotated[
        str, typer.Option(help="The hash that `palaestra board register` printed, if you registered the agent.")
    ] = "",
    size: Annotated[
        Literal["full", "demo"] | None,
        typer.Option(help="Full or demo size; default: that of palaestra's board, full for tracks of other packages."),
    ] = None,
    key: Annotated[Path | None, typer.Option(help="Sign with this key (palaestra keys new FILE).")] = None,
    as_json: AsJson = False,
) -> None:
    """Run an agent on its official seeds and write a folder that anyone can verify; exit code 1 if a job failed."""
    from ..core.progress_bar import progress_bar
    from ..leaderboards.board.board_folder import own_board
    from ..leaderboards.board.season import Season
    from ..leaderboards.submission.submit import JobsFailed, Submitter
    from ..leaderboards.submission.submit import submit as make
    from ..leaderboards.tracks import tracks

    record = tracks.find(track).load()
    if record.track_id not in tracks or tracks[record.track_id].load() != record:
        raise PalaestraError(
            f"The track {record.track_id} is not registered, so nobody could verify a submission: name it in an entry "
            "point of its package, or in a module given by --plugin."
        )
    # another package's track is on no board of palaestra's, so its full size is what its boards take
    record = record.sized(size or ("full" if tracks[record.track_id].outside else Season.of(own_board()).size))
    estimates: list[WorkEstimate] = []
    try:
        with progress_bar(track) as feed:

            def announce(estimate: WorkEstimate) -> None:
                estimates.append(estimate)
                if estimate.missing:
                    feed.say(estimate.text)

            folder = make(
                record,
                agent,
                Submitter(name, author, url),
                out,
                work=work,
                registration=registration,
                workers=workers,
                engine=engine,
                address=address,
                key=key,
                progress=feed,
                announce=announce,
            )
    except JobsFailed as failed:
        if as_json:
            typer.echo(json.dumps({"submission": None, "failures": list(failed.messages)}))
        for message in failed.messages:
            typer.secho(f"Failed: {message}", fg="red", err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps({"submission": str(folder), "failures": [], "estimate": estimates[0].document}))
        return
    typer.echo(f"The submission is in {folder}. Verify it as the board will: palaestra verify {folder}")


def verify(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The submission's folder, or a ZIP archive of it.")],
    log: Annotated[Path | None, typer.Option(help="The board's log, if the agent was registered in it.")] = None,
    agent: Annotated[
        str, typer.Option(help="RUN this agent's code too, and compare every action with the submitted ones.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Replay a submission and recompute every score; exit code 1 if it is refused.

    The submitter's code is not run, unless --agent names it: then the agent plays its official seeds again.
    """
    from ..core.progress_bar import progress_bar
    from ..leaderboards.submission.log import read_log
    from ..leaderboards.submission.rerun import rerun
    from ..leaderboards.submission.submission_folder import submission_folder
    from ..leaderboards.submission.submit import JobsFailed
    from ..leaderboards.submission.untrusted_file import check_submission_path
    from ..leaderboards.submission.verify import Refused
    from ..leaderboards.submission.verify import verify as recompute
    from ..leaderboards.submission.verify_report import VerifyReport

    check_submission_path(folder)
    if log is not None and not log.is_file():
        raise PalaestraError(f"--log {log}: there is no such file. A board's log is its log.jsonl.")
    try:
        with progress_bar("verify") as feed, submission_folder(folder) as whole:
            found = recompute(whole, log=read_log(log) if log else (), progress=feed)
            again = rerun(whole, agent, log=log, progress=feed) if agent else 0
    except (Refused, JobsFailed) as refused:
        if as_json:
            typer.echo(json.dumps({"verified": False, "reason": str(refused)}))
        else:
            typer.secho(f"Refused: {refused}", fg="red", err=True)
        raise typer.Exit(1) from None
    report = VerifyReport(found, agent, again)
    typer.echo(json.dumps(report.document) if as_json else report.text)
