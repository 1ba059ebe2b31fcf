"""What an engine is: it runs several jobs at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .job import Job


@dataclass(frozen=True)
class Failure:
    """A job that came to nothing.

    Attributes:
        job: Which.
        message: Why.
    """

    job: Job
    message: str


@dataclass(frozen=True)
class Engine:
    """A place where jobs run, ready to run them.

    Attributes:
        workers: How many jobs it runs at once.
        run: Called with (jobs, folder, progress); runs every job that has no result in the folder yet and returns those
            that failed. `progress`, if there is one, is called with (jobs done and shares of those running, what
            happens now).
    """

    workers: int
    run: Callable[[Sequence[Job], Path, Callable[[float, str], None] | None], list[Failure]]
