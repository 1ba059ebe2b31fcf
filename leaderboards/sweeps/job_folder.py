"""A temporary folder for one job; the next job removes it if the process was killed."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "palaestra-job-"
_SECONDS_TO_LOCK = 60.0
"""How old a folder must be to be taken for abandoned: it is locked a moment after it was made."""


@contextmanager
def job_folder() -> Iterator[Path]:
    """An empty folder that is removed at the end.

    It is locked as long as its process lives, whatever machine or container that process believes to be in, so one
    that nobody holds is of a process that was killed.
    """
    _sweep(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as made:
        held = os.open(made, os.O_RDONLY)
        try:
            _lock(held)
            yield Path(made)
        finally:
            os.close(held)


def _sweep(base: Path) -> None:
    for path in base.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # it is somebody else's, held, or gone by now
            found = path.lstat()
            if path.is_symlink() or found.st_uid != os.getuid() or time.time() - found.st_mtime < _SECONDS_TO_LOCK:
                continue
            held = os.open(path, os.O_RDONLY)
            try:
                _lock(held)
                shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(held)


def _lock(held: int) -> None:
    """Take the lock of an open folder.

    Raises:
        BlockingIOError: Another process has it.
    """
    import fcntl

    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
