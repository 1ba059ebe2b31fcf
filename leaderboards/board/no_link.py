"""A board that is looked at where it lies, not where a link leads."""

from __future__ import annotations

from pathlib import Path

from ...core.errors import PalaestraError


def check_no_link(board: Path) -> None:
    """Refuse a board that is a link, or that lies behind one within its repository.

    git answers for the place that a link leads to. There may be no log and no submission at all there, and everything
    about them would hold.

    Args:
        board: Its folder.

    Raises:
        PalaestraError: Names the link.
    """
    whole = board.absolute()
    for place in (whole, *whole.parents):
        root = (place / ".git").exists()
        if place.is_symlink() and (place == whole or not root):
            raise PalaestraError(f"{place} is a link: what is checked would lie elsewhere. Name the board itself.")
        if root or not _in_repository(place):
            return


def _in_repository(place: Path) -> bool:
    """Whether a folder above is a repository of git; what lies above that is the machine's own affair."""
    return any((parent / ".git").exists() for parent in place.parents)
