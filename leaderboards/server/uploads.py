"""Take an upload in: to the disk under a limit, unpacked, its manifest read, into the queue."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path
from secrets import token_hex

from starlette.concurrency import run_in_threadpool

from ...core.errors import PalaestraError
from .. import tracks
from ..submission.manifest import Manifest, file_digest
from ..submission.unpack import unpack
from .problem import Problem
from .queue import Queue
from .settings import Settings
from .tokens import Token

_UNPACKED = 4
"""An archive may unpack to so many times the bytes that may be uploaded; traces are packed already."""

_ROOM = 8
"""So many times the largest upload must be free on the disk for one to be taken."""

_FORGOTTEN_SECONDS = 3600.0


class Uploads:
    """What comes in.

    Args:
        settings: Of the service.
        queue: Where it goes.
    """

    def __init__(self, settings: Settings, queue: Queue) -> None:
        self._settings, self._queue = settings, queue
        settings.incoming.mkdir(parents=True, exist_ok=True)

    async def take(self, pieces: AsyncIterator[bytes], token: Token) -> str:
        """Read an upload and queue it; returns its id.

        Once the id is returned the submission is on the disk and in the database, and survives a crash.

        Raises:
            Problem: 413 for too much, 422 for what is no submission, 403 for another author's, 503 for a full house.
        """
        identity = token_hex(16)
        archive = self._settings.incoming / f"{identity}.zip"
        room = shutil.disk_usage(self._settings.incoming).free
        if room < _ROOM * self._settings.most_bytes:
            raise Problem(503, "The disk of the service is nearly full: try again later.", {"Retry-After": "3600"})
        try:
            await self._write(pieces, archive)
            await run_in_threadpool(self._queue_up, archive, identity, token)
        finally:
            archive.unlink(missing_ok=True)
        return identity

    async def _write(self, pieces: AsyncIterator[bytes], archive: Path) -> None:
        written = 0
        with open(archive, "xb") as file:
            async for piece in pieces:
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
                raise Problem(403, f"The token is {token.author!r}'s, the manifest says {agent.author!r}.")
            fields = {"track": manifest.track, "name": agent.name, "author": agent.author}
            digest = file_digest(folder / "manifest.json")
            most = self._settings.most_queued
            if not self._queue.add(most, id=identity, token=token.name, manifest=digest, **fields):
                raise Problem(503, f"{most} submissions wait already: try again later.", {"Retry-After": "600"})
        except PalaestraError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise Problem(422, str(error)) from error
        except Exception:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def sweep(self) -> None:
        """Remove what a crash left behind: uploads never queued, files of what has ended, folders of dead verifiers."""
        for path in self._settings.scratch.glob("*"):
            if time.time() - os.stat(path).st_mtime > _FORGOTTEN_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
        for path in self._settings.incoming.iterdir():
            row = self._queue.find(path.name)
            ended = row is not None and row.finished is not None
            forgotten = row is None and time.time() - os.stat(path).st_mtime > _FORGOTTEN_SECONDS
            if ended or forgotten:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
