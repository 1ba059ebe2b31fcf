"""A progress bar on standard error, so that standard output holds results alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Feed(Protocol):
    """Tells a bar how far things are."""

    def __call__(self, done: float, total: float, now: str = "", /) -> None:
        """`done` of `total`, and what runs now."""

    def say(self, text: str) -> None:
        """A line above the bar, which stays."""


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

        yield _BarFeed(bar, task)


class _BarFeed:
    def __init__(self, bar: Progress, task: TaskID) -> None:
        self.bar, self.task = bar, task

    def __call__(self, done: float, total: float, now: str = "", /) -> None:
        self.bar.update(self.task, completed=done, total=total, now=now)

    def say(self, text: str) -> None:
        self.bar.console.print(text, markup=False, highlight=False, soft_wrap=True)
