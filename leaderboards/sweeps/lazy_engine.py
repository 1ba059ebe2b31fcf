"""An engine that starts only if some job has no result yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from .engine import Engine, Failure
from .job import Job
from .local_engine import is_finished


def lazy_engine(
    open_engine: Callable[[int, str], AbstractContextManager[Engine]], workers: int, address: str
) -> Engine:
    """An engine whose every `run` starts another, and stops it in the end; none where no job is left.

    Args:
        open_engine: Starts the other, see `ENGINES`.
        workers: Jobs at once; 0: one a core.
        address: Of the Ray cluster, or "".
    """

    def run(jobs: Sequence[Job], folder: Path, progress: Callable[[float, str], None] | None = None) -> list[Failure]:
        done = sum(is_finished(job, folder) for job in jobs)
        if progress:
            progress(done, "")
        if done == len(jobs):
            return []
        with open_engine(workers, address) as engine:
            return engine.run(jobs, folder, progress)

    return Engine(workers, run)
