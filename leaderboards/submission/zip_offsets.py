"""Find where each ZIP entry's contents begin, and check each entry's own header against the archive's directory."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import BinaryIO
from zipfile import ZipInfo

from ...core.errors import PalaestraError

_LOCAL, _LOCAL_SIGNATURE = struct.Struct("<4s5H3L2H"), b"PK\x03\x04"
_BEHIND, _BEHIND_SIGNATURE = struct.Struct("<3L"), b"PK\x07\x08"
_DESCRIBED_BEHIND, _UTF8 = 0x0008, 0x0800
_FIELD = struct.Struct("<2H")
_TOLD = {0x5455: 13, 0x7875: 24, 0x5855: 12, 0x000A: 32}
"""Additional fields that common programs write, and their greatest sizes: times and owners, which nobody looks at."""


def zip_offsets(file: BinaryIO, entries: Sequence[ZipInfo], end: int) -> list[tuple[ZipInfo, int]]:
    """Every entry and where its contents begin, in the order of the file.

    Entries must fill the file without gap or overlap, and each header of an entry must say of it what the directory
    says: flags, method, name, checksum and sizes. Times and owners may be what they will.

    Args:
        file: The archive.
        entries: As its directory lists them.
        end: Where the directory begins.

    Raises:
        PalaestraError: An entry for which that does not hold.
    """
    found: list[tuple[ZipInfo, int]] = []
    reached = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        name = entry.orig_filename
        if entry.header_offset != reached:
            raise PalaestraError(f"The entry {name!r} overlaps another, or there is hidden data before it.")
        file.seek(entry.header_offset)
        signature, _, flags, method, _, _, *sizes, name_size, extra_size = _LOCAL.unpack(file.read(_LOCAL.size))
        known = (entry.CRC, entry.compress_size, entry.file_size)
        later = entry.flag_bits & _DESCRIBED_BEHIND  # what was not known yet is 0 here
        if signature != _LOCAL_SIGNATURE or (flags, method) != (entry.flag_bits, entry.compress_type):
            raise PalaestraError(f"The entry {name!r} is described differently in its two headers.")
        if any(own != due and not (later and own == 0) for own, due in zip(sizes, known, strict=True)):
            raise PalaestraError(f"The entry {name!r} has another checksum or size in its own header.")
        if file.read(name_size) != name.encode("utf-8" if entry.flag_bits & _UTF8 else "cp437"):
            raise PalaestraError(f"The entry {name!r} has another name in its own header.")
        _check_extra(file.read(extra_size), name)
        _check_extra(entry.extra, name)
        start = entry.header_offset + _LOCAL.size + name_size + extra_size
        reached = start + entry.compress_size
        if entry.flag_bits & _DESCRIBED_BEHIND:
            reached += _behind(file, reached, known, name)
        found.append((entry, start))
    if end != reached:
        raise PalaestraError("The last entry overlaps the archive's directory, or there is hidden data after it.")
    return found


def _behind(file: BinaryIO, at: int, known: tuple[int, int, int], name: str) -> int:
    """Bytes of the record behind the contents, which repeats checksum and sizes, with or without a signature."""
    file.seek(at)
    record, due = file.read(len(_BEHIND_SIGNATURE) + _BEHIND.size), _BEHIND.pack(*known)
    for own in (_BEHIND_SIGNATURE + due, due):
        if record.startswith(own):
            return len(own)
    raise PalaestraError(f"The entry {name!r} has another checksum or size after its contents.")


def _check_extra(extra: bytes, name: str) -> None:
    """Refuse additional fields that are not well-formed, or are no times or owners."""
    seen = set()
    while extra:
        kind, size = _FIELD.unpack(extra[: _FIELD.size]) if len(extra) >= _FIELD.size else (None, 0)
        if kind in seen or size > min(_TOLD.get(kind, -1), len(extra) - _FIELD.size):
            raise PalaestraError(f"The entry {name!r} has hidden data in a header.")
        seen.add(kind)
        extra = extra[_FIELD.size + size :]
