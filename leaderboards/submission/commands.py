"""`palaestra submit` and `palaestra verify`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from ...core.errors import PalaestraError
from ..command_line.command_options import Address, Engine, Workers

SUBMIT = """Examples:

  palaestra submit model-routing-v0 --agent my_module:MyAgent --name Winners --author "A. Author" --out winners"""
VERIFY = """Examples:

  palaestra verify winners

  palaestra verify winners.zip

  palaestra verify winners --agent my_module:MyAgent

  palaestra verify winners --json"""


SCHEMA = """Examples:

  palaestra schema

  palaestra schema > submission.schema.json"""
KEYS = """Examples:

  palaestra keys new my.key"""


def add_to(app: typer.Typer) -> None:
    """Give the command line its commands."""
    app.command(epilog=SUBMIT)(submit)
    app.command(epilog=VERIFY)(verify)
    app.command(epilog=SCHEMA)(schema)
    keys = typer.Typer(no_args_is_help=True, help="Keys to sign submissions with.")
    keys.command(epilog=KEYS)(new)
    keys.callback()(lambda: None)
    app.add_typer(keys, name="keys")


def schema() -> None:
    """Print the JSON Schema of a submission's manifest."""
    from .schema import schema_text

    typer.echo(schema_text(), nl=False)


def new(file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Make a key to sign submissions with; prints the public key."""
    from .signature import new_key

    typer.echo(new_key(file))


def submit(
    track: Annotated[str, typer.Argument(metavar="TRACK")],
    agent: Annotated[str, typer.Option(help="module:attribute, options in brackets; or a registered name.")],
    name: Annotated[str, typer.Option(help="What the agent is called on the board.")],
    author: Annotated[str, typer.Option(help="Who made it.")],
    url: Annotated[str, typer.Option(help="Where to read more.")] = "",
    out: Annotated[Path, typer.Option(help="Folder to make; must not exist.")] = Path("submission"),
    work: Annotated[Path, typer.Option(help="Where results lie meanwhile; a killed run goes on.")] = Path("results"),
    engine: Engine = "local",
    address: Address = "",
    workers: Workers = 0,
    registration: Annotated[
        str, typer.Option(help="What `palaestra board register` printed, where you did that.")
    ] = "",
    key: Annotated[Path | None, typer.Option(help="Sign with this key (palaestra keys new FILE).")] = None,
) -> None:
    """Run an agent on its official seeds and write a folder that anybody can verify."""
    from .. import tracks
    from ..command_line.progress_bar import progress_bar
    from .submit import Submitter
    from .submit import submit as make

    record = tracks[track].load()
    with progress_bar(track) as feed:
        submitter = Submitter(name, author, url)
        folder = make(
            record,
            agent,
            submitter,
            out,
            work=work,
            registration=registration,
            workers=workers,
            engine=engine,
            address=address,
            key=key,
            progress=feed,
        )
    typer.echo(f"{folder} holds the submission. Check it as the board will: palaestra verify {folder}")


def verify(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The submission, or a ZIP archive of it.")],
    log: Annotated[Path | None, typer.Option(help="The board's log, where the agent was registered in it.")] = None,
    agent: Annotated[
        str, typer.Option(help="RUN this agent's code too, and compare every action: it must be the one submitted.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON alone.")] = False,
) -> None:
    """Replay a submission and recompute every score; exit code 1 if it is refused.

    Runs no code of the submitter, unless --agent says so: then the agent plays its official seeds once more.
    """
    from ..command_line.progress_bar import progress_bar
    from .log import read_log
    from .rerun import rerun
    from .unpacked import unpacked
    from .verify import Refused
    from .verify import verify as recompute

    for given in [folder, *([log] if log else [])]:
        if not given.exists():
            raise PalaestraError(f"There is no {given}.")
    try:
        with progress_bar("verify") as feed, unpacked(folder) as whole:
            found = recompute(whole, log=read_log(log) if log else (), progress=feed)
            again = rerun(whole, agent, log=log, progress=feed) if agent else 0
    except Refused as refused:
        if as_json:
            typer.echo(json.dumps({"verified": False, "reason": str(refused)}))
        else:
            typer.secho(f"Refused: {refused}", fg="red", err=True)
        raise typer.Exit(1) from None
    means = {
        scenario: {name: float(values.mean()) for name, values in own.items()} for scenario, own in found.scores.items()
    }
    told = found.manifest.agent
    report: dict[str, object] = {
        "verified": found.findings.status == "verified",
        "status": found.findings.status,
        "track": found.manifest.track,
        "agent": told.name,
        "author": told.author,
        "digest": told.digest,
        "key": found.findings.key,
        "lanes": found.lanes,
        "oracle": found.oracle,
        "means": means,
    }
    if agent:
        report["rerun"] = again
    if as_json:
        typer.echo(json.dumps(report))
        return
    held = "lanes replayed, every score holds" if report["verified"] else "lanes; scores as claimed, UNVERIFIED"
    typer.echo(f"{told.name} by {told.author} on {found.manifest.track}: {found.lanes} {held}.")
    for scenario, own in means.items():
        typer.echo(f"  {scenario}: " + ", ".join(f"{name} {value:.4g}" for name, value in own.items()))
    if agent:
        typer.echo(f"Run again, {agent} takes every action of the traces: {again} numbers are the same.")
