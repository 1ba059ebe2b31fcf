"""Fingerprints of palaestra's own source: of what agents and environments do, and of all that determines a row."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path

from ...core.files import file_digest
from ...core.rooms import PACKAGE, ROOMS

ROW_FILES = ("__init__.py", "leaderboards/sweeps/execute.py")
"""What makes rows of what the rooms compute."""


@cache
def source_fingerprint() -> str:
    """The version and a SHA-256 over every file of the rooms: what decides how episodes go and what metrics say.

    Digests of palaestra's own agents hold it, and official seeds follow from those.
    """
    return _fingerprint(_sources())


@cache
def rows_fingerprint() -> str:
    """The same over every file that can change a row, so that a job is run again when one of them was edited."""
    return _fingerprint([*_sources(), *(PACKAGE / name for name in ROW_FILES)])


def _sources() -> list[Path]:
    return [path for room in ROOMS if room.shapes_results for path in sorted((PACKAGE / room.name).rglob("*.py"))]


def _fingerprint(paths: Iterable[Path]) -> str:
    from ...core.version import VERSION

    whole = sha256()
    for path in paths:
        whole.update(f"{path.relative_to(PACKAGE)}\0{file_digest(path)}\n".encode())
    return f"{VERSION}+{whole.hexdigest()[:16]}"
