"""`palaestra audit`: what trivial agents score."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from .command_options import AsJson, examples

EXAMPLES = examples(
    "palaestra audit PreferenceAggregation-v0",
    "palaestra audit --board leaderboards",
    "palaestra audit SocialLearning-v0 --seeds 16 --json",
)


def add_to(app: typer.Typer) -> None:
    """Give the command line its command."""
    app.command(epilog=EXAMPLES)(audit)


def audit(
    env_id: Annotated[str | None, typer.Argument(metavar="[ENV]", help="Default: every environment.")] = None,
    seeds: Annotated[int, typer.Option(help="Lanes per scenario on which agents are measured.", min=2)] = 48,
    board: Annotated[
        Path | None,
        typer.Option(help="Store the audits in BOARD/audits; audits there that are up to date are not run again."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure trivial agents (constant, random, blind, memoryless) and compare them with the best reference agents."""
    from ..core.progress_bar import progress_bar
    from ..envs import environments
    from ..leaderboards.audit.audit import audit as play
    from ..leaderboards.audit.audit_record import AuditRecord, audit_key
    from ..leaderboards.audit.audit_table import audit_table
    from ..leaderboards.audit.scenario_audit import Size

    size, documents = Size(seeds=seeds), []
    for name in [env_id] if env_id else list(environments):
        environments[name]
        known = AuditRecord.read(name, board) if board else None
        if known is not None and known.key == audit_key(name, size):
            documents.append(dict(known.audit))
        else:
            with progress_bar(name) as feed:
                found = play(name, size, feed)
            if board:
                AuditRecord.write(found, board)
            documents.append(found.document)
        if not as_json:
            from rich.console import Console

            Console().print(audit_table(documents[-1]))
    if as_json:
        typer.echo(json.dumps(documents[0] if env_id else documents, indent=2, default=str))
