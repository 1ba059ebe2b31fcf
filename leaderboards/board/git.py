"""Ask git about a board's repository."""

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


def changed_files(board: Path, since: str, *names: str) -> tuple[tuple[str, str], ...]:
    """Every file that was added, changed or removed, with its mode as git writes it ("000000": removed).

    A file that was moved is told twice, as removed here and added there.

    Args:
        board: Its folder.
        since: A commit.
        names: Files and folders of the board to look at.
    """
    how = ("--raw", "-z", "--no-renames", "--relative", "--ignore-submodules=none")
    raw = git(board, "diff", *how, since, "--", *names)
    parts = raw.decode(errors="surrogateescape").split("\0")
    return tuple((name, words.split(" ")[1]) for words, name in zip(parts[0:-1:2], parts[1::2], strict=True))


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
            f"--since {since}: {board} is not in a git repository that can be read, so there is no earlier state to "
            f"compare with. Leave --since out, or name a board in a clone."
        ) from error
    try:
        found = git(board, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{since}^{{commit}}")
    except PalaestraError as error:
        raise PalaestraError(
            f"--since {since}: the repository of {board} has no such revision. `git fetch` brings those of a "
            "remote; `git log --oneline` lists what is there."
        ) from error
    return found.decode().strip()
