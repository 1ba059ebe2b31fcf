"""The engine `local`: run jobs in processes on this machine, and write each result atomically."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from ...core.errors import PalaestraError
from .engine import Engine, Failure
from .execute import rows_path, trace_path
from .job import Job
from .local_worker import worker
from .spawn_process import spawn_process


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    job: Job | None = None
    share: float = 0.0


@contextmanager
def local_engine(workers: int = 0, address: str = "") -> Iterator[Engine]:
    """The engine `local`.

    Args:
        workers: Number of processes; 0 means one per core.
        address: Must be empty: this machine has none.
    """
    if address:
        raise PalaestraError(f"--address {address}: only the engine ray has an address. Add --engine ray.")

    def run(jobs: Sequence[Job], folder: Path, progress: Callable[[float, str], None] | None = None) -> list[Failure]:
        return run_locally(jobs, folder, workers, progress)

    yield Engine(workers or os.cpu_count() or 1, run)


def run_locally(
    jobs: Sequence[Job],
    folder: Path,
    workers: int = 0,
    progress: Callable[[float, str], None] | None = None,
) -> list[Failure]:
    """Run every job that has no result yet.

    A finished job is never run again nor written again, so a run killed at any moment goes on where it was. A job that
    raises, or whose process dies, is reported and the others go on. Workers are spawned, not forked: they inherit no
    threads or locks, and see the parent's end as the end of their pipe.

    Args:
        jobs: What to run.
        folder: Where results lie; made if need be.
        workers: Number of processes; 0 means one per core.
        progress: Called with (jobs done and shares of those running, what just happened).

    Returns:
        The jobs that failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    waiting = [job for job in jobs if not is_finished(job, folder)][::-1]
    done = len(jobs) - len(waiting)
    if progress:
        progress(done, "")
    crew: list[_Worker] = []
    failures: list[Failure] = []
    try:
        for _ in range(min(workers or os.cpu_count() or 1, len(waiting))):
            crew.append(_hire(folder))
        for member in crew:
            _hand_out(member, waiting)
        if progress and crew:
            progress(done, _now(crew))
        while any(member.job for member in crew):
            for pipe in wait([member.pipe for member in crew if member.job]):
                member = next(one for one in crew if one.pipe is pipe)
                said = _hear(member)
                if said is not None:
                    done += 1
                    assert member.job is not None
                    failures += [Failure(member.job, said)] if said else []
                    if not member.process.is_alive() and waiting:
                        _dismiss(member)
                        crew[crew.index(member)] = member = _hire(folder)
                    _hand_out(member, waiting)
                if progress:
                    progress(done + sum(one.share for one in crew), _now(crew))
    finally:
        for member in crew:
            _dismiss(member)
    return failures


def is_finished(job: Job, folder: Path) -> bool:
    """Whether a job's rows and trace are there."""
    return rows_path(folder, job).is_file() and trace_path(folder, job).is_file()


def _now(crew: Sequence[_Worker]) -> str:
    return next((one.job.title for one in crew if one.job), "")


def _hire(folder: Path) -> _Worker:
    return _Worker(*spawn_process(worker, folder))


def _hand_out(member: _Worker, waiting: list[Job]) -> None:
    member.job, member.share = (waiting.pop() if waiting else None), 0.0
    if member.job is not None:
        with suppress(OSError):  # a worker that is dead already says so when it is heard
            member.pipe.send(member.job)


def _hear(member: _Worker) -> str | None:
    """None while the job runs, "" when it is finished, else why it failed."""
    try:
        kind, *rest = member.pipe.recv()
    except (EOFError, OSError):
        member.process.join()
        code = member.process.exitcode or 0
        how = f"was killed by signal {-code}" if code < 0 else f"ended by itself with exit code {code}"
        return f"the worker process {how} in the middle of the job."
    if kind == "step":
        member.share = rest[0] / rest[1]
        return None
    return rest[0] if kind == "failed" else ""


def _dismiss(member: _Worker) -> None:
    member.pipe.close()
    member.process.terminate()
    member.process.join()


def sweep(folder: Path) -> None:
    """Remove what dead processes left half written (`.NAME.PID.part`)."""
    for path in folder.glob(".*.part"):
        owner = path.name.split(".")[-2]
        try:
            os.kill(int(owner), 0)
        except ProcessLookupError:
            path.unlink(missing_ok=True)
        except (ValueError, PermissionError):
            continue
