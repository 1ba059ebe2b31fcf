"""Find the line of the user's own code that an error comes from, not the line of a library that it called."""

from __future__ import annotations

import sysconfig
import traceback
from pathlib import Path

from .rooms import PACKAGE, ROOMS, ROOT_FILES

CALLERS = tuple(room.path for room in ROOMS if room.calls_members)
"""What calls agents, environments and metrics; those count as the user's own, wherever they lie."""


def error_line(error: BaseException) -> str:
    """The last line of the user's code on the way to an error, as "file:line, in function"; "" if there is none.

    Lines of installed packages, of Python itself and of what calls agents here are passed over.
    """
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if not _is_library(frame.filename):
            return f"{frame.filename}:{frame.lineno}, in {frame.name}"
    return ""


def _is_library(file: str) -> bool:
    if file.startswith("<"):
        return True
    path = Path(file).resolve()
    python = [Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "purelib", "platlib")]
    if path.parent == PACKAGE:  # a clone's own folder may hold a user's files too
        return path.name in ROOT_FILES
    return any(path.is_relative_to(folder) for folder in (*CALLERS, *python))
