"""A clock that stops while other programs have the processor."""

from __future__ import annotations

import os
from contextlib import suppress
from time import perf_counter


class ThreadClock:
    """Seconds by the wall, without those in which this thread was ready to run and waited for a core.

    What the thread computes counts, and what it waits for by itself (a model's answer, a disk) counts too. On a busy
    machine a program's time by the wall says more of the others than of the program; its processor time alone would
    leave its waiting out.

    The kernel tells how long the thread waited for a core (`/proc/thread-self/schedstat`, second number, ns); where it
    does not, this is a wall clock. Made, called and closed in one thread.
    """

    def __init__(self) -> None:
        self._file: int | None = None
        with suppress(OSError):
            self._file = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
        self._began = 0.0
        self._began = self()

    def __call__(self) -> float:
        """Seconds since it was made."""
        waited = 0 if self._file is None else int(os.pread(self._file, 100, 0).split()[1])
        return perf_counter() - waited * 1e-9 - self._began

    def close(self) -> None:
        """Close the kernel's file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
