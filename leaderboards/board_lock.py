"""The lock of a board: only one process at a time changes its folders and its log."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import local

_held = local()


@contextmanager
def lock_board(log: Path) -> Iterator[None]:
    """Hold the lock of a board, a file beside its log. It ends with its process, however that ends.

    Whoever holds it may ask for it again in the same thread: placing a folder and appending its entry are one step that
    contains another.

    Args:
        log: The board's log; its folder is made if need be.
    """
    held: set[Path] = _held.__dict__.setdefault("logs", set())
    own = log.resolve()
    if own in held:
        yield
        return
    own.parent.mkdir(parents=True, exist_ok=True)
    with open(own.with_name(f".{own.name}.lock"), "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        held.add(own)
        try:
            yield
        finally:
            held.remove(own)
