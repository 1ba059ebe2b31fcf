"""Receive an upload: write it to the disk under a limit, unpack it, read its manifest, put it into the queue."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path
from secrets import token_hex

from starlette.concurrency import run_in_threadpool

from ...core.errors import PalaestraError
from ...core.files import file_digest
from ..submission.manifest import Manifest
from ..submission.unpack import unpack
from ..tracks import tracks
from .journal import log_event
from .problem import Problem
from .queue import Queue
from .settings import Settings
from .tokens import Token

_UNPACKED = 4
"""An archive may unpack to so many times the bytes that may be uploaded; traces are packed already."""

_ROOM = 8
"""So many times the largest upload must be free on the disk for one to be taken, beside what is being unpacked."""

_GRACE_SECONDS, _BYTES_A_SECOND = 30.0, 32 << 10
"""A body must come at this rate at least, on average, once the grace is over."""

_FORGOTTEN_SECONDS = 3600.0


class Uploads:
    """What comes in.

    Args:
        settings: Of the service.
        queue: Where it goes.
    """

    def __init__(self, settings: Settings, queue: Queue) -> None:
        self._settings, self._queue, self._coming = settings, queue, 0
        settings.incoming.mkdir(parents=True, exist_ok=True)

    async def take(self, pieces: AsyncIterator[bytes], token: Token) -> str:
        """Read an upload and queue it; returns its id.

        Once the id is returned the submission is on the disk and in the database, and survives a crash.

        Raises:
            Problem: 413 for too much, 422 for what is no submission, 403 for another author's, 408 for a
                slow body, 503 for a full house or disk.
        """
        if not self.accepted:
            raise Problem(503, "The disk of the service is nearly full: try again later.", {"Retry-After": "3600"})
        identity = token_hex(16)
        archive = self._settings.incoming / f"{identity}.zip"
        self._coming += 1
        try:
            await self._write(pieces, archive)
            await run_in_threadpool(self._queue_up, archive, identity, token)
        finally:
            self._coming -= 1
            archive.unlink(missing_ok=True)
        return identity

    @property
    def free_bytes(self) -> int:
        """Of the disk, without what the uploads that come in now may still take."""
        each = (1 + _UNPACKED) * self._settings.most_bytes
        return max(0, shutil.disk_usage(self._settings.incoming).free - self._coming * each)

    @property
    def accepted(self) -> bool:
        """Whether there is room on the disk for another."""
        return self.free_bytes >= _ROOM * self._settings.most_bytes

    async def _write(self, pieces: AsyncIterator[bytes], archive: Path) -> None:
        """To the disk, as long as the body is neither too large nor too slow."""
        written, end = 0, asyncio.get_running_loop().time() + _GRACE_SECONDS
        coming = aiter(pieces)
        with open(archive, "xb") as file:
            while True:
                try:
                    async with asyncio.timeout_at(end + written / _BYTES_A_SECOND):
                        piece = await anext(coming, None)
                except TimeoutError:
                    raise Problem(
                        408, f"The upload came too slowly: {_BYTES_A_SECOND} bytes a second are needed on average."
                    ) from None
                if piece is None:
                    return
                written += len(piece)
                if written > self._settings.most_bytes:
                    raise Problem(413, f"An upload may have {self._settings.most_bytes} bytes; this has more.")
                file.write(piece)

    def _queue_up(self, archive: Path, identity: str, token: Token) -> None:
        folder = self._settings.incoming / identity
        try:
            unpack(archive, folder, most_total=_UNPACKED * self._settings.most_bytes)
            manifest = Manifest.read(folder / "manifest.json")
            agent = manifest.agent
            if manifest.track not in tracks:
                raise PalaestraError(f"There is no track {manifest.track!r}. See /tracks.")
            if agent.author != token.author:
                raise Problem(
                    403, f"The token is for the author {token.author!r}, but the manifest says {agent.author!r}."
                )
            fields = {"track": manifest.track, "name": agent.name, "author": agent.author}
            digest = file_digest(folder / "manifest.json")
            most = self._settings.most_queued
            if not self._queue.add(most, id=identity, token=token.name, manifest=digest, **fields):
                raise Problem(503, f"{most} submissions are already waiting: try again later.", {"Retry-After": "600"})
            who = {"id": identity, "track": manifest.track, "author": agent.author}
            log_event("received", {**who, "attempt": 0, "token": token.name, "bytes": os.stat(archive).st_size})
        except PalaestraError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise Problem(422, str(error)) from error
        except Exception:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def sweep(self) -> None:
        """Remove what a crash left behind: uploads never queued, files of what has ended, folders of dead verifiers."""
        for path in self._settings.scratch.glob("*"):
            if _age(path) > _FORGOTTEN_SECONDS + self._settings.limits.wall_seconds:
                shutil.rmtree(path, ignore_errors=True)
        for path in self._settings.incoming.iterdir():
            row = self._queue.find(path.name)
            ended = row is not None and row.finished is not None
            forgotten = row is None and _age(path) > _FORGOTTEN_SECONDS
            if ended or forgotten:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    """Seconds since it was last written to; 0 where it has gone in the meantime."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
