"""The revision of git that a board is compared with."""

from __future__ import annotations

from pathlib import Path

from ...core.errors import PalaestraError
from .git import git


def commit_of(board: Path, since: str) -> str:
    """The commit that is meant, in hexadecimal: a branch may be called like an option of git.

    Args:
        board: Its folder.
        since: The revision.

    Raises:
        PalaestraError: git is not there, the board lies in no repository, or this has no such revision.
    """
    git(board, "version")
    try:
        git(board, "rev-parse", "--git-dir")
    except PalaestraError as error:
        raise PalaestraError(
            f"--since {since}: {board} lies in no repository of git that may be read, so there is no earlier state to "
            "compare with. Leave --since out, or name a board in a clone."
        ) from error
    try:
        found = git(board, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{since}^{{commit}}")
    except PalaestraError as error:
        raise PalaestraError(
            f"--since {since}: the repository that {board} lies in has no such revision. `git fetch` brings those of a "
            "remote; `git log --oneline` lists what is there."
        ) from error
    return found.decode().strip()
