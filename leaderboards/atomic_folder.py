"""Folders that are written whole or not at all, even after a loss of power."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..core.files import flush


@contextmanager
def new_folder_atomically(folder: Path) -> Iterator[Path]:
    """An empty folder beside `folder`; flushed and renamed to it when the block ends well, removed when it does not.

    What an earlier process that was killed left half written there is removed first.

    Args:
        folder: Must not exist.
    """
    aside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        aside.mkdir(parents=True)
        yield aside
        for path in (*aside.rglob("*"), aside):
            flush(path)
        aside.rename(folder)
        flush(folder.parent)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def replace_folder_atomically(folder: Path) -> Iterator[Path]:
    """A new folder beside `folder`, which takes its place when the block ends well and is removed when it does not.

    Killed in the middle, the old folder is as it was; what was half written is removed by the next that writes there.
    Between two renames in the end there is no folder for an instant; killed just then, the next call puts the old one
    back before it begins.
    """
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    new, old = (folder.with_name(f".{folder.name}.{end}") for end in ("part", "old"))
    if old.exists():
        if folder.exists():
            shutil.rmtree(old)
        else:
            old.rename(folder)
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    try:
        yield new
        if folder.exists():
            folder.rename(old)
        os.rename(new, folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(new, ignore_errors=True)
