"""The same work in two processes at once, to use two cores."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import median
from time import process_time
from typing import Any


class TwoProcesses:
    """Two processes that each do a block of calls whenever asked, and answer when both are done.

    Args:
        make: Builds the call, in each process.
        calls: How many calls a block has.
    """

    def __init__(self, make: Callable[[], Callable[[], object]], calls: int) -> None:
        self.make, self.calls = make, calls
        self.taken: list[float] = []

    def __enter__(self) -> TwoProcesses:
        context = get_context("spawn")
        pairs = [context.Pipe() for _ in range(2)]
        self.pipes = [mine for mine, _ in pairs]
        self.processes: list[Any] = [
            context.Process(target=_serve, args=(theirs, self.make, self.calls), daemon=True) for _, theirs in pairs
        ]
        for process in self.processes:
            process.start()
        return self

    def run(self) -> None:
        """One block in both."""
        for pipe in self.pipes:
            pipe.send(True)
        self.taken.append(max(pipe.recv() for pipe in self.pipes))

    def cpu_seconds(self) -> float:
        """CPU seconds a block took the slower of the two, median over the blocks after the first."""
        return median(self.taken[1:])

    def __exit__(self, *_: object) -> None:
        for pipe in self.pipes:
            pipe.send(False)
        for process in self.processes:
            process.join()


def _serve(pipe: Connection, make: Callable[[], Callable[[], object]], calls: int) -> None:
    call = make()
    while pipe.recv():
        started = process_time()
        for _ in range(calls):
            call()
        pipe.send(process_time() - started)
