"""Keep worker processes running next to the server."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress

from . import worker
from .journal import log_event
from .settings import Settings

_COMMAND = (sys.executable, "-I", "-m", worker.__name__)
_PAUSE_SECONDS, _PATIENCE_SECONDS = 1.0, 20.0


class Supervisor:
    """Starts workers, and starts another for each that ends.

    Args:
        settings: Of the service.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._running: set[Process] = set()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def alive(self) -> int:
        """Workers that run now."""
        return sum(process.returncode is None for process in self._running)

    def start(self) -> None:
        """Start them all; call it in the event loop of the main thread, since they die with the thread."""
        self._tasks = [asyncio.create_task(self._keep()) for _ in range(self._settings.workers)]

    async def stop(self) -> None:
        """Tell them to stop, and kill who does not."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for process in self._running:
            with suppress(ProcessLookupError):
                process.terminate()
        for process in self._running:
            try:
                await asyncio.wait_for(process.wait(), _PATIENCE_SECONDS)
            except TimeoutError:
                process.kill()
                await process.wait()

    async def _keep(self) -> None:
        while True:
            process = await asyncio.create_subprocess_exec(*_COMMAND, stdin=PIPE, stdout=DEVNULL)
            self._running.add(process)
            assert process.stdin is not None
            with suppress(ConnectionError):
                given = {"parent": os.getpid(), "settings": self._settings.text}
                process.stdin.write(json.dumps(given).encode() + b"\n")
                await process.stdin.drain()
                process.stdin.close()
            await process.wait()
            self._running.discard(process)
            log_event("worker ended", {"status": process.returncode}, level=logging.WARNING)
            await asyncio.sleep(_PAUSE_SECONDS)
