"""The same work in two processes at once, to use two cores."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any


class TwoProcesses:
    """Two processes that each do a block of calls whenever asked, and answer when both are done.

    Args:
        make: Builds the call, in each process.
        calls: How many calls a block has.
    """

    def __init__(self, make: Callable[[], Callable[[], object]], calls: int) -> None:
        self.make, self.calls = make, calls

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
        for pipe in self.pipes:
            pipe.recv()

    def __exit__(self, *_: object) -> None:
        for pipe in self.pipes:
            pipe.send(False)
        for process in self.processes:
            process.join()


def _serve(pipe: Connection, make: Callable[[], Callable[[], object]], calls: int) -> None:
    call = make()
    while pipe.recv():
        for _ in range(calls):
            call()
        pipe.send(True)
