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
    except OSError as error:
        raise PalaestraError(f"git cannot be run ({error.strerror}): install it to compare with a revision.") from error
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode(errors="replace").strip() or f"exit code {error.returncode}"
        raise PalaestraError(f"git {' '.join(words)} in {board}: {told}") from error
