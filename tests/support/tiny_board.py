"""A repository whose first commit holds a small board, and what a pull request adds to it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from palaestra.leaderboards.board.accept import accept
from palaestra.tests.support.tiny_track import TINY


def git(folder: Path, *words: str) -> None:
    """Run git there, as somebody."""
    who = ("-c", "user.name=a", "-c", "user.email=a@b.invalid")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def committed_board(home: Path, *folders: Path) -> Path:
    """A repository in HOME/repository whose commit `base` holds a board in leaderboards/ that accepted the folders."""
    board = home / "repository" / "leaderboards"
    for folder in folders:
        accept(folder, board, on="2026-01-01")
    git(board.parent, "init", "--quiet")
    git(board.parent, "add", "--all")
    git(board.parent, "commit", "--quiet", "--message", "base")
    git(board.parent, "tag", "base")
    return board


def propose(board: Path, folder: Path, name: str = "new", track: str = TINY) -> Path:
    """What a pull request adds, committed."""
    home = Path(shutil.copytree(folder, board / "submissions" / track / name))
    git(board.parent, "add", "--all")
    git(board.parent, "commit", "--quiet", "--message", "new")
    return home
