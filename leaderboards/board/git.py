"""Asking git about a board's repository."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ...core.errors import PalaestraError


def git(board: Path, *words: str) -> bytes:
    """What a command of git prints.

    Args:
        board: A folder of the repository.
        words: The command and its arguments.

    Raises:
        PalaestraError: git is not there, or refuses; with what it says.
    """
    command = ["git", "-C", str(board), *words]
    try:
        return subprocess.run(command, check=True, capture_output=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        told = getattr(error, "stderr", b"") or str(error).encode()
        raise PalaestraError(f"{' '.join(words)}: {told.decode(errors='replace').strip()}") from error
