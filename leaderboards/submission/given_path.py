"""A path that somebody gives as a submission."""

from __future__ import annotations

import os
from pathlib import Path
from zipfile import is_zipfile

from ...core.errors import PalaestraError


def check_given_path(path: Path) -> None:
    """Refuse what is no submission at all, before anything of it is judged.

    Args:
        path: A folder with a manifest, or a ZIP archive of one.

    Raises:
        PalaestraError: Neither; says what was expected there.
    """
    wanted = "Give the folder that `palaestra submit` wrote, or a ZIP archive of its contents."
    if not os.path.lexists(path):
        raise PalaestraError(f"There is no {path}. {wanted}")
    if path.is_dir():
        if not os.path.lexists(path / "manifest.json"):
            raise PalaestraError(f"{path} is a folder without a manifest.json, so it is no submission. {wanted}")
    elif path.name == "manifest.json":
        raise PalaestraError(f"{path} is one file of a submission: give the folder that it lies in, {path.parent}.")
    elif path.suffix.lower() != ".zip":
        end = ", though it holds one: let its name end in .zip" if path.is_file() and is_zipfile(path) else ""
        raise PalaestraError(f"{path} is neither a folder nor named as a ZIP archive{end}. {wanted}")
