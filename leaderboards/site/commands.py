"""`palaestra site`: the boards as a static site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...core.errors import PalaestraError

BUILD = """Examples:

  palaestra site build

  palaestra site build --submission winners --out site"""


def add_to(app: typer.Typer) -> None:
    """Give the command line its group `site`."""
    site = typer.Typer(no_args_is_help=True, help="The boards as a static site.")
    site.command(epilog=BUILD)(build)
    site.callback()(lambda: None)
    app.add_typer(site, name="site")


def build(
    board: Annotated[
        Path | None, typer.Option(help="Folder with log.jsonl and submissions/; palaestra's own if left out.")
    ] = None,
    submission: Annotated[
        list[Path] | None,
        typer.Option(help="A submission to show beside the accepted ones, marked as a preview; may be repeated."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of the site; a site that is there is replaced.")] = Path("site"),
    workers: Annotated[int, typer.Option(help="Processes; 0: one a core.", min=0)] = 0,
) -> None:
    """Write the boards as a site that opens from disk, without a network; prints the path of its first page."""
    from ..board.commands import board_at
    from ..command_line.progress_bar import progress_bar
    from .build import build_site

    for folder in submission or ():
        if not folder.is_dir():
            raise PalaestraError(f"--submission {folder}: there is no such folder.")
    with progress_bar("site") as feed:
        index = build_site(board_at(board), out, previews=tuple(submission or ()), workers=workers, progress=feed)
    typer.echo(str(index))
