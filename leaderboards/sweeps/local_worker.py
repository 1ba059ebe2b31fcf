"""A worker process of the local engine: takes a job from its pipe, plays it, answers, takes the next one."""

from __future__ import annotations

import os
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic

from .attempt import attempt
from .job import Job

SECONDS_BETWEEN_REPORTS = 0.2


def worker(pipe: Connection, folder: Path) -> None:
    """Serve until the pipe closes, which it does when the parent ends for any reason.

    Messages to the parent: ("step", done, horizon), ("finished",) or ("failed", message).

    Args:
        pipe: To the parent.
        folder: Where results go.
    """
    for library in ("OMP", "OPENBLAS", "MKL"):  # read when numpy is imported, which happens in execute
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    try:
        while True:
            pipe.send(_answer(pipe.recv(), pipe, folder))
    except (EOFError, OSError):
        return


def _answer(job: Job, pipe: Connection, folder: Path) -> tuple[str, ...]:
    last = monotonic()

    def progress(done: int, horizon: int) -> None:
        nonlocal last
        if monotonic() - last > SECONDS_BETWEEN_REPORTS:
            last = monotonic()
            pipe.send(("step", done, horizon))

    said = attempt(job, folder, progress)
    return ("failed", said) if said else ("finished",)
