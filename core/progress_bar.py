"""A progress bar on standard error, so that standard output holds only results."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol

from .escape_text import escape_text

if TYPE_CHECKING:
    from rich.progress import Progress


class Feed(Protocol):
    """Tells a bar how far things are."""

    def __call__(self, done: float, total: float, now: str = "", /) -> None:
        """`done` of `total`, and what runs now."""

    def say(self, text: str) -> None:
        """A line above the bar, which stays."""


@contextmanager
def progress_bar(title: str) -> Iterator[Feed]:
    """A bar that is fed by calling what it yields with (done, total, what runs now); drawn from the first time on.

    Args:
        title: Stands before the bar. Titles and names may be a stranger's, so none is read as markup.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[now]}", style="dim", markup=False),
    )
    as_text = "ipykernel" in sys.modules and find_spec("ipywidgets") is None
    # rich draws its bars for notebooks with ipywidgets; without it, a notebook still obeys a carriage return
    forced: Any = {"force_jupyter": False, "force_terminal": True} if as_text else {}
    console = Console(stderr=True, markup=False, emoji=False, **forced)
    feed = _BarFeed(Progress(*columns, console=console, refresh_per_second=2 if as_text else 10), title)
    try:
        yield feed
    finally:
        if feed.drawn:
            feed.bar.stop()


Report = Callable[..., None]
"""Called with (done, total), and by some with what runs now."""


@contextmanager
def reported(title: str, progress: bool | Report | None) -> Iterator[Report | None]:
    """What to call as work goes on: a function as it was given, for True a bar, for False and None nothing.

    Args:
        title: Stands before the bar.
        progress: What a caller asked for.
    """
    if progress is True:
        with progress_bar(title) as feed:
            yield feed
    else:
        yield progress or None


class _BarFeed:
    def __init__(self, bar: Progress, title: str) -> None:
        self.bar, self.drawn = bar, False
        self.task = bar.add_task(escape_text(title), total=None, now="")

    def __call__(self, done: float, total: float, now: str = "", /) -> None:
        self.bar.update(self.task, completed=done, total=total, now=escape_text(now))
        if not self.drawn:
            self.drawn = True
            self.bar.start()

    def say(self, text: str) -> None:
        self.bar.console.print(text, markup=False, highlight=False, soft_wrap=True)
