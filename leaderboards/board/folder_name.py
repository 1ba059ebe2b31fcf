"""The name of a submission's folder."""

from __future__ import annotations

import re
from pathlib import Path

from ..submission.verify import Refused

_MOST = 100
_DEVICES = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")


def check_folder_name(folder: Path) -> None:
    """Refuse a submission's folder on a board that is not called as `folder_name` would.

    Raises:
        Refused: Names what it is to be called.
    """
    if folder.name != folder_name(folder.name):
        raise Refused(f"Its folder is called {folder.name!r}; call it {folder_name(folder.name)!r}.")


def folder_name(name: str) -> str:
    """A name in plain small letters, digits and dashes that every disk can hold.

    Windows has devices called `aux` and `con` in every folder: one such name, and nobody there could check out a board.

    Args:
        name: What the agent is called; strangers' text. A name that this gave is given back as it is.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower())[:_MOST].strip("-") or "agent"
    return f"agent-{slug}" if _DEVICES.fullmatch(slug) else slug
