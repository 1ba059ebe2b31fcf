"""What changed on a board since a revision."""

from __future__ import annotations

from pathlib import Path

from .git import git


def changed(board: Path, since: str, *names: str) -> tuple[tuple[str, str], ...]:
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
