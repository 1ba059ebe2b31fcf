"""The folder of a board: palaestra's own, or one that the user names."""

from __future__ import annotations

from pathlib import Path

from ...core.errors import PalaestraError
from ...core.rooms import PACKAGE


def own_board() -> Path:
    """The board that comes with palaestra."""
    return PACKAGE / "leaderboards"


def board_at(board: Path | None) -> Path:
    """The board that is meant, for commands that only read: palaestra's own if none is named.

    Raises:
        PalaestraError: A folder that is not there, which would otherwise read as a board without entries.
    """
    if board is not None and not board.is_dir():
        raise PalaestraError(f"--board {board}: there is no such folder. A board holds log.jsonl and submissions/.")
    return board or own_board()
