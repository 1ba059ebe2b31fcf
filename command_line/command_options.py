"""Options that several commands share, and the examples below a command's help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Options = Annotated[
    list[str] | None,
    typer.Option(
        "--option",
        help="An environment option as key=value; repeatable. The value is read as JSON if it can be, else as text.",
    ),
]
Agents = Annotated[
    list[str] | None,
    typer.Option("--agent", help='A registered name, "Name(option=value)" or your own module:attribute; repeatable.'),
]
Seeds = Annotated[int | None, typer.Option(help="Lanes per scenario.", min=1)]
Workers = Annotated[int, typer.Option(help="Jobs that run at once; 0 means one per core.", min=0)]
Out = Annotated[Path, typer.Option(help="Folder for the results. Jobs that are finished there are not run again.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Run everything again, in a new folder beside --out.")]
Demo = Annotated[bool, typer.Option("--demo", help="Use the track's small demo size.")]
Engine = Annotated[str, typer.Option(help="Where jobs run: local (processes on this machine) or ray (a Ray cluster).")]
Address = Annotated[
    str, typer.Option(help="HOST:PORT of the Ray cluster, or auto; if left out, a cluster is started on this machine.")
]


def examples(*lines: str) -> str:
    """The end of a command's help: one example a line."""
    return "[bold]Examples[/bold]\n\n" + "\n\n".join(f"  {line}".replace("[", "\\[") for line in lines)
