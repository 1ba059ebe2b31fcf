"""Options that several commands share, with their help; and the examples under a command's help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Options = Annotated[
    list[str] | None,
    typer.Option("--option", help="key=value of the environment; repeat. Values are read as JSON or text."),
]
Agents = Annotated[
    list[str] | None,
    typer.Option("--agent", help='A name, "Name(option=value)" or module:attribute of your own; repeat.'),
]
Seeds = Annotated[int | None, typer.Option(help="Lanes of each scenario.", min=1)]
Workers = Annotated[int, typer.Option(help="Jobs at once; 0: one a core.", min=0)]
Out = Annotated[Path, typer.Option(help="Folder of the results. What is finished there is not run again.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Run everything again, in a new folder beside --out.")]
Demo = Annotated[bool, typer.Option("--demo", help="The track's small size.")]
Engine = Annotated[str, typer.Option(help="Where jobs run: local (processes on this machine) or ray (a Ray cluster).")]
Address = Annotated[
    str, typer.Option(help="HOST:PORT of the Ray cluster, or auto; without it one is started on this machine.")
]


def examples(*lines: str) -> str:
    """The end of a command's help: one example a line."""
    return "[bold]Examples[/bold]\n\n" + "\n\n".join(f"  {line}".replace("[", "\\[") for line in lines)
