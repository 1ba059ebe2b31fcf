"""Check that a submission's folder contains only what its manifest names, and no links."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from ...core.errors import PalaestraError
from .signature import NAME

OWN = {"manifest.json", "findings.json", NAME}
"""Files beside those that the manifest names. `findings.json` is the verifier's own: it is not read, but made anew."""


def check_contents(folder: Path, traces: Iterable[str], weights: Iterable[str]) -> None:
    """Refuse links, folders, pipes, and files that the manifest does not name.

    Args:
        folder: The submission.
        traces: Names in `traces/`.
        weights: Names in `weights/`.

    Raises:
        PalaestraError: The first that does not belong there.
    """
    rooms = {"traces": set(traces), "weights": set(weights)}
    names = _entries(folder, OWN | {room for room, own in rooms.items() if own})
    for room, own in rooms.items():
        if own and room not in names:
            raise PalaestraError(f"The folder {room}/ is missing.")
        if own:
            _entries(folder / room, own)


def _entries(folder: Path, allowed: set[str]) -> set[str]:
    """The names in a folder, all of them allowed; it is not read further than that."""
    if folder.is_symlink() or not folder.is_dir():
        raise PalaestraError(f"{folder.name} is missing or is not a plain folder.")
    found = set()
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name not in allowed:
                raise PalaestraError(f"The folder holds a file that the manifest does not name: {entry.name!r}.")
            if entry.is_symlink():
                raise PalaestraError(f"{entry.name} is not a plain file: it is a link.")
            found.add(entry.name)
    return found
