"""The engine `ray`: run the same jobs on a Ray cluster whose machines share no files with this one.

A job is a Ray task that plays in a folder of its own and gives the bytes of its two files back; only this process
writes them, aside and renamed, so a result is whole or absent and is written once, whatever dies. A task whose worker
or machine dies is started again somewhere else. At most twice as many tasks as the cluster has cores are with Ray at a
time and results are fetched one by one, so neither the number of jobs nor that of machines shows in this process's
memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from time import monotonic
from typing import Any

from ...core.errors import PalaestraError
from ...core.files import write_atomically
from .engine import Engine, Failure
from .execute import rows_path, trace_path
from .job import Job
from .local_engine import is_finished, sweep
from .ray_cluster import ray_cluster
from .ray_task import ray_task
from .shipment import Shipment

ATTEMPTS = 3
"""How often a job is begun before the deaths of its workers count as its own doing."""
SECONDS_BETWEEN_COUNTS = 5.0
"""How old the number of the cluster's cores may be."""


@dataclass
class _Turn:
    """A job that is with Ray."""

    job: Job
    started: bool = False
    share: float = 0.0


@contextmanager
def ray_engine(workers: int = 0, address: str = "") -> Iterator[Engine]:
    """The engine `ray`.

    Args:
        workers: Jobs at once; 0: as many as the cluster has cores.
        address: Of the cluster, see `ray_cluster`.

    Raises:
        PalaestraError: Ray is not installed, or there is no cluster at the address.
    """
    with ray_cluster(workers, address) as ray:

        def run(
            jobs: Sequence[Job], folder: Path, progress: Callable[[float, str], None] | None = None
        ) -> list[Failure]:
            return _Run(ray, jobs, folder, workers).finish(progress)

        yield Engine(workers or max(1, _cores(ray)), run)


def _cores(ray: Any) -> int:
    return int(ray.cluster_resources().get("CPU", 0))


class _Run:
    """One run of many jobs."""

    def __init__(self, ray: Any, jobs: Sequence[Job], folder: Path, workers: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        self.ray, self.folder, self.workers = ray, folder, workers
        self.waiting = [job for job in jobs if not is_finished(job, folder)][::-1]
        self.done = len(jobs) - len(self.waiting)
        self.attempts: dict[str, int] = {}
        self.failures: list[Failure] = []
        self.turns: dict[Any, _Turn] = {}
        self.limit, self.counted = 0, -SECONDS_BETWEEN_COUNTS
        shipment = Shipment.of(self.waiting)
        self.names = shipment.names
        self.contents = {digest: ray.put(path.read_bytes()) for digest, path in shipment.contents.items()}
        # Ray starts no task again by itself: a result lost after its task has ended would come back as another run.
        self.task = ray.remote(num_cpus=1, max_retries=0, num_returns="streaming")(ray_task)

    def finish(self, progress: Callable[[float, str], None] | None) -> list[Failure]:
        """Run what is waiting; whatever ends this early, no task is left behind."""
        try:
            while self.waiting or self.turns:
                self._hand_out()
                if progress:
                    progress(self.done + sum(turn.share for turn in self.turns.values()), self._now())
                for stream in self._speaking():
                    self._hear(stream)
        finally:
            for stream in self.turns:
                self.ray.cancel(stream, force=True)
        if progress:
            progress(self.done, "")
        return self.failures

    def _hand_out(self) -> None:
        if monotonic() - self.counted > SECONDS_BETWEEN_COUNTS:
            self.limit, self.counted = self.workers or max(2, 2 * _cores(self.ray)), monotonic()
        while self.waiting and len(self.turns) < self.limit:
            job = self.waiting.pop()
            self.attempts[job.key] = self.attempts.get(job.key, 0) + 1
            values = {field.name: getattr(job, field.name) for field in fields(job)}
            self.turns[self.task.remote(job.code, values, self.names, self.contents)] = _Turn(job)

    def _speaking(self) -> list[Any]:
        """The tasks that have something to say, once one has; none after a second of silence."""
        streams = [*self.turns]
        ready, _ = self.ray.wait(streams, num_returns=1, timeout=1.0, fetch_local=False)
        if ready:  # a wait for each would be too slow for a thousand
            ready, _ = self.ray.wait(streams, num_returns=len(streams), timeout=0, fetch_local=False)
        return list(ready)

    def _now(self) -> str:
        started = [turn.job.title for turn in self.turns.values() if turn.started]
        return started[0] if started else "waiting for a core of the cluster" if self.turns else ""

    def _hear(self, stream: Any) -> None:
        """Take the next word of a task, or its end."""
        turn = self.turns[stream]
        try:
            kind, *rest = self.ray.get(next(stream))
        except self.ray.exceptions.RayTaskError as error:
            raise PalaestraError(
                f"A node cannot play: {_last_line(error)}. Is the same palaestra installed there as here?"
            ) from error
        except (self.ray.exceptions.RayError, StopIteration) as error:
            del self.turns[stream]
            if self.attempts[turn.job.key] < ATTEMPTS:
                self.waiting.insert(0, turn.job)  # last, so that a job that kills its workers holds up no other
            else:
                self._end(turn.job, f"its worker died {ATTEMPTS} times in the middle of the job ({_last_line(error)}).")
            return
        if kind == "refused":
            raise PalaestraError(rest[0])
        turn.started = True
        if kind == "step":
            turn.share = rest[0]
        elif kind != "running":
            del self.turns[stream]
            if kind == "finished":
                self._write(turn.job, *rest)
            self._end(turn.job, rest[0] if kind == "failed" else "")

    def _end(self, job: Job, said: str) -> None:
        self.done += 1
        self.failures += [Failure(job, said)] if said else []

    def _write(self, job: Job, rows: bytes, trace: bytes) -> None:
        """Store a result, the rows last: the job is finished when they are there."""
        for path, content in ((trace_path(self.folder, job), trace), (rows_path(self.folder, job), rows)):
            with write_atomically(path) as temporary:
                temporary.write_bytes(content)


def _last_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[-1].strip().rstrip(".") if lines else type(error).__name__
