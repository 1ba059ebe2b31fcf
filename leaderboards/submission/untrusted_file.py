"""Read an untrusted file once and whole, with a size limit, and no link, pipe or device."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from zipfile import is_zipfile

from ...core.errors import PalaestraError


def read_untrusted(path: Path, most: int) -> bytes:
    """The bytes of a file. Digests and contents are taken from the same bytes, so nobody can swap it in between.

    Args:
        path: A file of its own: no symbolic link, no second name of another file, no pipe or device.
        most: Bytes at most.

    Raises:
        PalaestraError: Anything else.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise PalaestraError(f"{path.name} is missing or is not a plain file ({error.strerror}).") from error
    status = os.fstat(handle)
    if not S_ISREG(status.st_mode):
        os.close(handle)
        raise PalaestraError(f"{path.name} is not a plain file: it is a folder, a pipe or a device.")
    with os.fdopen(handle, "rb") as file:
        if status.st_nlink > 1:
            raise PalaestraError(f"{path.name} is a hard link to another file. Copy the folder instead.")
        if status.st_size > most:
            raise PalaestraError(f"{path.name} has {status.st_size} bytes; at most {most} are read.")
        data = file.read(status.st_size + 1)  # a larger count would be taken from memory, whatever the file holds
    if len(data) != status.st_size:
        raise PalaestraError(f"{path.name} changed while it was read.")
    return data


def read_untrusted_with_digest(path: Path, most: int, digest: str) -> bytes:
    """The bytes of a file, if their SHA-256 is the one the manifest names.

    Raises:
        PalaestraError: As `read_untrusted`, or another SHA-256.
    """
    data = read_untrusted(path, most)
    if (found := sha256(data).hexdigest()) != digest:
        raise PalaestraError(
            f"{path.parent.name}/{path.name} is not the one that the manifest names: its SHA-256 is {found[:12]}…, not "
            f"{digest[:12]}…."
        )
    return data


def check_submission_path(path: Path) -> None:
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
            raise PalaestraError(f"{path} is a folder without a manifest.json, so it is not a submission. {wanted}")
    elif path.name == "manifest.json":
        raise PalaestraError(f"{path} is only one file of a submission: give its folder, {path.parent}.")
    elif path.suffix.lower() != ".zip":
        end = ", though it holds one: let its name end in .zip" if path.is_file() and is_zipfile(path) else ""
        raise PalaestraError(f"{path} is neither a folder nor named like a ZIP archive{end}. {wanted}")
