"""A folder for results that are to be made anew, beside those that are kept."""

from __future__ import annotations

from itertools import count
from pathlib import Path


def fresh_folder(folder: Path) -> Path:
    """`folder` itself where it does not exist yet, else the first free of `folder-2`, `folder-3`, ..."""
    if not folder.exists():
        return folder
    return next(free for n in count(2) if not (free := folder.with_name(f"{folder.name}-{n}")).exists())
