"""Reading a stranger's file: once, whole, of a size that is known, and no link, pipe or device."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG

from ...core.errors import PalaestraError


def opened(path: Path, most: int) -> bytes:
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
        raise PalaestraError(f"{path.name} is not there as a file of its own ({error.strerror}).") from error
    status = os.fstat(handle)
    if not S_ISREG(status.st_mode):
        os.close(handle)
        raise PalaestraError(f"{path.name} is not there as a file of its own: it is a folder, a pipe or a device.")
    with os.fdopen(handle, "rb") as file:
        if status.st_nlink > 1:
            raise PalaestraError(f"{path.name} is a hard link to another file. Copy the folder instead.")
        if status.st_size > most:
            raise PalaestraError(f"{path.name} has {status.st_size} bytes; at most {most} are read.")
        data = file.read(status.st_size + 1)  # a larger count would be taken from memory, whatever the file holds
    if len(data) != status.st_size:
        raise PalaestraError(f"{path.name} changes while it is read.")
    return data


def opened_as(path: Path, most: int, digest: str) -> bytes:
    """The bytes of a file, if their SHA-256 is the one the manifest names.

    Raises:
        PalaestraError: As `opened`, or another SHA-256.
    """
    data = opened(path, most)
    if (found := sha256(data).hexdigest()) != digest:
        raise PalaestraError(
            f"{path.parent.name}/{path.name} is not the one that the manifest names: its SHA-256 is {found[:12]}…, not "
            f"{digest[:12]}…."
        )
    return data
