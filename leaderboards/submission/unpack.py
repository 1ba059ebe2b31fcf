"""Unpack a submission's ZIP archive completely or not at all, counting every limit as bytes come out."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_STORED, BadZipFile, ZipInfo

from ...core.errors import PalaestraError
from ..atomic_folder import new_folder_atomically
from .zip_entries import zip_entries

MOST_TOTAL = 4 << 30
_PIECE = 1 << 16


def unpack(archive: Path, folder: Path, *, most_total: int = MOST_TOTAL) -> None:
    """Unpack an archive into a new folder.

    Args:
        archive: The ZIP file.
        folder: Where to; must not exist. Its files are on the disk before it gets its name.
        most_total: Bytes of all files together.

    Raises:
        PalaestraError: An archive that is damaged, too large, or holds anything but a submission's files; nothing is
            left behind.
    """
    if folder.exists():
        raise PalaestraError(f"{folder} already exists; nothing is unpacked over it.")
    try:
        with new_folder_atomically(folder) as aside, open(archive, "rb") as file:
            for name, entry, start in zip_entries(file, most_total):
                _write(file, entry, start, aside / name)
    except (BadZipFile, struct.error, zlib.error, NotImplementedError, UnicodeDecodeError) as error:
        raise PalaestraError(f"{archive.name} is a damaged ZIP archive: {error}.") from error


def _write(file: BinaryIO, entry: ZipInfo, start: int, path: Path) -> None:
    """Write one entry, counting what comes out."""
    path.parent.mkdir(exist_ok=True)
    written, checksum = 0, 0
    with open(path, "xb") as out:
        for piece in _pieces(file, entry, start):
            if written == 0 and piece.startswith(b"PK\x03\x04"):
                raise PalaestraError(f"The entry {entry.filename!r} is itself an archive.")
            written, checksum = written + len(piece), zlib.crc32(piece, checksum)
            if written > entry.file_size:
                raise PalaestraError(
                    f"The entry {entry.filename!r} holds more than the {entry.file_size} bytes that it declares."
                )
            out.write(piece)
    if written != entry.file_size or checksum != entry.CRC:
        raise PalaestraError(f"The entry {entry.filename!r} is not what its size and checksum declare.")


def _pieces(file: BinaryIO, entry: ZipInfo, start: int) -> Iterator[bytes]:
    """The contents of an entry, at most so much at a time; they end just where the entry does."""
    file.seek(start)
    left = entry.compress_size
    if entry.compress_type == ZIP_STORED:
        while left:
            piece = file.read(min(_PIECE, left))
            left -= len(piece)
            yield piece
        return
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    while not inflate.eof:
        packed = inflate.unconsumed_tail or file.read(min(_PIECE, left))
        left -= 0 if inflate.unconsumed_tail else len(packed)
        piece = inflate.decompress(packed, _PIECE)
        if not (packed or piece):
            raise PalaestraError(f"The entry {entry.filename!r} ends in the middle.")
        yield piece
    if left or inflate.unused_data:
        raise PalaestraError(f"The entry {entry.filename!r} has data after its end.")
