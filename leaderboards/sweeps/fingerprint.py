"""Fingerprints of what determines a result: palaestra's own source, and files that a job reads."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

ROOMS = ("core", "envs", "agents", "wrappers", "metrics")


def file_fingerprint(path: Path) -> str:
    """The SHA-256 of a file's content."""
    return sha256(path.read_bytes()).hexdigest()


@cache
def source_fingerprint() -> str:
    """The version and a SHA-256 over every file that can change a row, so that an edited agent is run again."""
    from ...core.version import VERSION

    root, whole = Path(__file__).parents[2], sha256()
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            whole.update(f"{path.relative_to(root)}\0{file_fingerprint(path)}\n".encode())
    return f"{VERSION}+{whole.hexdigest()[:16]}"
