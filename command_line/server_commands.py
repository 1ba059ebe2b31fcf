"""`palaestra serve` and `palaestra tokens`."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..core.errors import PalaestraError
from ..core.extra import import_extra
from ..core.plugins import chosen_plugins
from .command_options import AsJson, examples

if TYPE_CHECKING:
    from ..leaderboards.server.tokens import Tokens

SERVE = examples(
    "palaestra serve --data board",
    "palaestra serve --data board --workers 4 --host 0.0.0.0 --port 8080",
    "palaestra serve --data board --database postgresql+psycopg://palaestra@localhost/palaestra",
    "palaestra serve --data board --proxy 127.0.0.1",
)
NEW = examples('palaestra tokens new alice-laptop --author "Alice Author" --data board')
LIST = examples("palaestra tokens list --data board --json")
REVOKE = examples("palaestra tokens revoke alice-laptop --data board")

Data = Annotated[Path, typer.Option(help="Folder for the board and for incoming submissions.")]
Database = Annotated[
    str,
    typer.Option(
        help="sqlite:///FILE or postgresql+psycopg://…; if left out, SQLite in the --data folder.",
        envvar="PALAESTRA_DATABASE",
    ),
]
_HEAD_SECONDS, _CONNECTIONS = 10.0, 50
"""For the head of a request to be there, and that one address may hold."""

BOARD = Path("board")


def add_to(app: typer.Typer) -> None:
    """Give the command line `serve` and the group `tokens`."""
    app.command(epilog=SERVE)(serve)
    tokens = typer.Typer(no_args_is_help=True, help="Tokens that allow submitting to a service.")
    tokens.command(epilog=NEW)(new)
    tokens.command("list", epilog=LIST)(listed)
    tokens.command(epilog=REVOKE)(revoke)
    app.add_typer(tokens, name="tokens")


def serve(
    data: Data = BOARD,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8000,
    database: Database = "",
    workers: Annotated[int, typer.Option(help="Number of processes that verify.", min=1)] = 1,
    uploads: Annotated[float, typer.Option(help="Uploads per hour for each token.", min=1)] = 60.0,
    minutes: Annotated[float, typer.Option(help="Time limit of one verification, in minutes.", min=0.1)] = 15.0,
    memory: Annotated[float, typer.Option(help="Memory limit of one verification, in GiB.", min=0.5)] = 4.0,
    proxy: Annotated[str, typer.Option(help="Address of a proxy whose X-Forwarded-For header is trusted.")] = "",
) -> None:
    """Receive submissions over HTTP, verify them in a sandbox, and keep a board."""
    if sys.platform != "linux":
        raise PalaestraError(f"`palaestra serve` needs Linux, for its sandbox; this is {sys.platform}.")
    if plugins := chosen_plugins():
        raise PalaestraError(
            f"The service verifies in a sandbox that sees installed packages only: install {', '.join(plugins)} as a "
            "package with entry points instead of --plugin or PALAESTRA_PLUGINS."
        )
    uvicorn = import_extra("uvicorn", "server")
    for module in ("fastapi", "sqlalchemy"):
        import_extra(module, "server")
    from ..leaderboards.server.connection_limit import limit_connections
    from ..leaderboards.server.create_app import create_app
    from ..leaderboards.server.journal import start_journal
    from ..leaderboards.server.sandbox import Limits
    from ..leaderboards.server.settings import Settings

    data.mkdir(parents=True, exist_ok=True)
    limits = Limits(
        wall_seconds=60 * minutes,
        cpu_seconds=round(60 * minutes),
        memory_bytes=int(memory * (1 << 30)),
        output_bytes=16 << 20,
    )
    settings = Settings(data, database, workers, uploads_an_hour=uploads, limits=limits)
    if os.geteuid() == 0:
        typer.secho("The service runs as root: give it its own user account.", fg="yellow", err=True)
    app = create_app(settings)
    start_journal()
    try:
        uvicorn.run(
            app,
            host=host,
            port=port,
            http=limit_connections(_HEAD_SECONDS, 0 if proxy else _CONNECTIONS),
            proxy_headers=bool(proxy),
            forwarded_allow_ips=proxy or None,
            server_header=False,
            timeout_keep_alive=10,
            timeout_graceful_shutdown=30,
            limit_concurrency=200,
            access_log=False,
            log_config=None,
            ws="none",
        )
    except SystemExit as end:  # it did not start, and has said why
        raise typer.Exit(2) from end


def new(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    author: Annotated[str, typer.Option(help="The author in whose name it may submit.")],
    data: Data = BOARD,
    database: Database = "",
) -> None:
    """Make a token and print it. It is shown only once; the service stores only its hash."""
    import_extra("sqlalchemy", "server")
    data.mkdir(parents=True, exist_ok=True)
    typer.echo(_tokens(data, database).new(name, author))


def listed(data: Data = BOARD, database: Database = "", as_json: AsJson = False) -> None:
    """List tokens: names, authors, and when they were made and revoked."""
    rows = [
        {"name": one.name, "author": one.author, "made": _date(one.made), "revoked": _date(one.revoked)}
        for one in _tokens(data, database).listed()
    ]
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        ended = f", revoked {row['revoked']}" if row["revoked"] else ""
        typer.echo(f"{row['name']}: {row['author']}, made {row['made']}{ended}")


def revoke(name: Annotated[str, typer.Argument(metavar="NAME")], data: Data = BOARD, database: Database = "") -> None:
    """Revoke a token immediately."""
    _tokens(data, database).revoke(name)
    typer.echo(f"The token {name!r} is revoked.")


def _tokens(data: Path, database: str) -> Tokens:
    import_extra("sqlalchemy", "server")
    from ..leaderboards.server.database import open_database
    from ..leaderboards.server.settings import Settings
    from ..leaderboards.server.tokens import Tokens

    if not database and not data.is_dir():
        raise PalaestraError(f"--data {data}: there is no such folder. `palaestra tokens new` creates it.")
    return Tokens(open_database(Settings(data, database).url))


def _date(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
