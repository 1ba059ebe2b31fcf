"""`palaestra site`: build a static site of the boards."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from ..core.errors import PalaestraError
from .command_options import AsJson, examples

BUILD = examples(
    "palaestra site build",
    "palaestra site build --submission winners --out site",
    "palaestra site build --submission winners.zip --json",
)


def add_to(app: typer.Typer) -> None:
    """Give the command line its group `site`."""
    site = typer.Typer(no_args_is_help=True, help="The boards as a static site.")
    site.command(epilog=BUILD)(build)
    site.callback()(lambda: None)
    app.add_typer(site, name="site")


def build(
    board: Annotated[
        Path | None, typer.Option(help="Folder with log.jsonl and submissions/; if left out, palaestra's own board.")
    ] = None,
    submission: Annotated[
        list[Path] | None,
        typer.Option(
            help="A submission (folder or ZIP archive) to show as a preview next to the accepted ones; repeatable."
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the site; an existing site there is replaced.")] = Path("site"),
    workers: Annotated[int, typer.Option(help="Number of processes; 0 means one per core.", min=0)] = 0,
    as_json: AsJson = False,
) -> None:
    """Write the boards as a static site that opens from disk, without a network.

    Prints the path of the first page and of the page of each previewed submission.
    """
    from ..core.progress_bar import progress_bar
    from ..leaderboards.board.board_folder import board_at
    from ..leaderboards.site.addresses import preview_page
    from ..leaderboards.site.build import build_site, check_before
    from ..leaderboards.submission.submission_folder import submission_folder

    chosen, home = list(submission or ()), board_at(board)
    for path in chosen:
        if not path.is_dir() and not (path.is_file() and path.suffix.lower() == ".zip"):
            raise PalaestraError(f"--submission {path}: there is no such folder, and no such ZIP archive.")
    with ExitStack() as opened:
        folders = [opened.enter_context(submission_folder(path)) for path in chosen]
        check_before(home, out, folders)  # what is wrong is said before a bar is drawn, which would stay
        with progress_bar("site") as feed:
            index = build_site(home, out, previews=folders, workers=workers, progress=feed)
        pages = [out / preview_page(folder) for folder in folders]
    if as_json:
        typer.echo(json.dumps({"index": str(index), "previews": [str(page) for page in pages]}))
        return
    for page in (index, *pages):
        typer.echo(str(page))
