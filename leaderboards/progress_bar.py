"""A progress bar on standard error, so that standard output holds results alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Feed(Protocol):
    """Tells a bar how far things are."""

    def __call__(self, done: float, total: float, now: str = "", /) -> None:
        """`done` of `total`, and what runs now."""


@contextmanager
def progress_bar(title: str) -> Iterator[Feed]:
    """A bar that is fed by calling what it yields with (done, total, what runs now)."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[now]}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=None, now="")

        def feed(done: float, total: float, now: str = "", /) -> None:
            bar.update(task, completed=done, total=total, now=now)

        yield feed
