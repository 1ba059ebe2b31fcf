"""Spawn a child process that Ctrl-C does not reach."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any


def spawn_process(target: Callable[..., None], *arguments: Any) -> tuple[BaseProcess, Connection]:
    """Start `target(pipe, *arguments)` in a process that inherits no threads or locks and ends with this one.

    Ctrl-C reaches every process of a terminal, and this one is who answers it. It is held back here until the process
    has all it needs to start, and does not reach the process from its first instant on: neither of them is left with
    half a message to complain about.

    Args:
        target: A function at the top of a module. It sees the end of this process as the end of its pipe.
        arguments: What it is called with behind its end of the pipe.

    Returns:
        The process, and this end of the pipe.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_begin, args=(target, theirs, *arguments), daemon=True)
    with hold_interrupts(), _main_left_out():
        process.start()
        theirs.close()
    return process, ours


@contextmanager
def _main_left_out() -> Iterator[None]:
    """Processes started in the block do not run the user's script again, which may have no `__main__` guard."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def hold_interrupts() -> Iterator[None]:
    """Ctrl-C waits until the block ends, and does not reach processes that are started in it.

    They inherit that the signal is blocked in the thread that starts them. That alone does not hold it back here: any
    other thread, a progress bar's say, may receive it, and Python answers it in the main thread: so the answer waits.
    """
    resource_tracker.ensure_running()  # it would start with a process, and end the block of the signal as it does
    came: list[int] = []
    main = threading.current_thread() is threading.main_thread()
    answer = signal.signal(signal.SIGINT, lambda number, _: came.append(number)) if main else None
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)  # one that waited for this thread arrives here
        if answer is not None:
            signal.signal(signal.SIGINT, answer)
        for number in came[:1]:
            signal.raise_signal(number)


def _begin(target: Callable[..., None], pipe: Connection, *arguments: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    target(pipe, *arguments)
