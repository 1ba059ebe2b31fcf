"""Fingerprints of source: of what agents and environments do, of all that determines a row, and of other packages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from ...core.agent_files import INSTALLED, agent_files
from ...core.files import file_digest
from ...core.module_source import module_file
from ...core.registry import Member
from ...core.rooms import PACKAGE, ROOMS
from ..tracks.track import Track

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


def outside_members(track: Track) -> list[tuple[str, Member[Any]]]:
    """The environment and the metrics of a track that are of other packages, each with its kind."""
    from ...envs import environments
    from ...metrics import metrics

    found: list[tuple[str, Member[Any]]] = [("environment", environments.find(track.env_id))]
    found += [("metric", metrics.find(name)) for name in track.metrics if ":" in name or name in metrics]
    return [(kind, member) for kind, member in found if member.outside]


def outside_files(track: Track) -> dict[str, str]:
    """Path -> SHA-256 of the source that other packages bring to a track: their rows depend on it.

    That is every Python file of the packages that its environment and metrics are defined in, and what these import of
    the user's own. Of an installed package it is also the list of its files with their digests.
    """
    files: set[Path] = set()
    for _, member in outside_members(track):
        files.update(agent_files(member.module, member.load(), member.target))
        files.update(_package_files(member.module))
    return {str(path): file_digest(path) for path in sorted(files)}


def _package_files(module: str) -> Iterator[Path]:
    """The Python files of the package that a module is in, and the RECORD that the package was installed with."""
    top = module.partition(".")[0]
    file = module_file(top)
    if file is not None and file.name == "__init__.py":
        for path in file.parent.rglob("*.py"):
            inside = path.relative_to(file.parent).parts
            if not any(part.startswith(".") or part in INSTALLED for part in inside):
                yield path.resolve()
    if file is not None:
        home = file.parents[1] if file.name == "__init__.py" else file.parent
        for record in home.glob("*.dist-info/RECORD"):
            if f"{file.relative_to(home).as_posix()}," in record.read_text("utf-8"):
                yield record.resolve()


def _sources() -> list[Path]:
    return [path for room in ROOMS if room.shapes_results for path in sorted((PACKAGE / room.name).rglob("*.py"))]


def _fingerprint(paths: Iterable[Path]) -> str:
    from ...core.version import VERSION

    whole = sha256()
    for path in paths:
        whole.update(f"{path.relative_to(PACKAGE)}\0{file_digest(path)}\n".encode())
    return f"{VERSION}+{whole.hexdigest()[:16]}"
