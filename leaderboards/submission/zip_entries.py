"""The entries of a ZIP archive that may be a submission, every byte of the archive accounted for.

The central directory is parsed by the standard library after its size was checked. Archives of several volumes, of more
than 4 GiB (ZIP64), with a comment, or with anything before, between or behind the entries are refused: no submission
needs them, and every reader understands them differently.

Source: PKWARE, "APPNOTE.TXT, .ZIP File Format Specification", 6.3.10, sections 4.3 and 4.4; D. Fifield, "A better zip
bomb", WOOT 2019, on entries that overlap.
"""

from __future__ import annotations

import os
import re
import stat
import struct
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from ...core.errors import PalaestraError
from .record import MOST_BYTES

MOST_ENTRIES = 20_000
MOST_RATIO = 200
"""How many times its packed size an entry of more than 1 MiB may have; traces and weights are packed already."""

_SIZES = {"manifest.json": MOST_BYTES, "signature.hex": 1 << 10, "traces": 1 << 30, "weights": 1 << 30}
_NAMES = re.compile(
    r"manifest\.json|signature\.hex|traces/[0-9]{5}\.parquet|weights/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}\.safetensors"
)
_FOLDERS = ("traces/", "weights/")
_END, _END_SIGNATURE = struct.Struct("<4s4H2LH"), b"PK\x05\x06"
_LOCAL, _LOCAL_SIGNATURE = struct.Struct("<4s5H3L2H"), b"PK\x03\x04"
_ENCRYPTED, _DESCRIBED_BEHIND = 0x2041, 0x0008


def zip_entries(file: BinaryIO, most_total: int) -> list[tuple[ZipInfo, int]]:
    """Every entry and where its contents begin; checked are names, kinds, declared sizes and places, not the contents.

    Args:
        file: The archive.
        most_total: Bytes of all files together.

    Raises:
        PalaestraError: Something that a submission's archive does not have.
        zipfile.BadZipFile, struct.error: A damaged archive.
    """
    end = _directory(file)
    with ZipFile(file) as parsed:
        entries = parsed.infolist()
    seen: dict[str, str] = {}
    for entry in entries:
        _check_name(entry, seen)
        _check_kind(entry)
        _check_size(entry)
    if "manifest.json" not in seen.values():
        raise PalaestraError(
            "The archive holds no manifest.json at its top: pack the contents of the folder, not the folder."
        )
    if (total := sum(entry.file_size for entry in entries)) > most_total:
        raise PalaestraError(f"The archive unpacks to {total} bytes in all; at most {most_total} are allowed.")
    return _places(file, entries, end)


def _directory(file: BinaryIO) -> int:
    """Where the central directory begins, from the record at the very end of the file."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END.size))
    record = file.read()
    if len(record) < _END.size or not record.startswith(_END_SIGNATURE):
        raise PalaestraError("This is no ZIP archive, or there is data behind its end.")
    _, disk, first, here, entries, length, start, comment = _END.unpack(record)
    if comment or disk or first or here != entries or 0xFFFF in (here, entries) or 0xFFFFFFFF in (length, start):
        raise PalaestraError("Archives with a comment, of several volumes, or of the ZIP64 format are not taken.")
    if entries > MOST_ENTRIES:
        raise PalaestraError(f"The archive has {entries} entries; at most {MOST_ENTRIES} are allowed.")
    if start + length != size - _END.size or length > entries * 512:
        raise PalaestraError("The archive's directory is not where its end record says, or holds more than it lists.")
    file.seek(0)
    return int(start)


def _check_name(entry: ZipInfo, seen: dict[str, str]) -> None:
    name = entry.orig_filename
    shown = repr(name[:100])
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        raise PalaestraError(f"The entry {shown} has an absolute path.")
    if "\\" in name or name != entry.filename:
        raise PalaestraError(f"The entry {shown} has a backslash, a null, or a second name.")
    if ".." in name.split("/"):
        raise PalaestraError(f"The entry {shown} leads out of the folder.")
    if (other := seen.get(name.casefold())) is not None:
        alike = "is there twice" if other == name else f"differs from {other!r} by capital letters alone"
        raise PalaestraError(f"The entry {shown} {alike}.")
    seen[name.casefold()] = name
    if not _NAMES.fullmatch(name) and name not in _FOLDERS:
        raise PalaestraError(
            f"The entry {shown} is no file of a submission: manifest.json, signature.hex, traces/NNNNN.parquet and "
            "weights/NAME.safetensors are."
        )


def _check_kind(entry: ZipInfo) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFDIR if entry.is_dir() else stat.S_IFREG):
        what = "a link" if kind == stat.S_IFLNK else "a special file"
        raise PalaestraError(f"The entry {entry.filename!r} is {what}; submissions hold plain files.")
    if entry.flag_bits & _ENCRYPTED:
        raise PalaestraError(f"The entry {entry.filename!r} is encrypted.")
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise PalaestraError(f"The entry {entry.filename!r} is packed by method {entry.compress_type}; use deflate.")


def _check_size(entry: ZipInfo) -> None:
    most = 0 if entry.is_dir() else _SIZES[entry.filename.partition("/")[0]]
    if entry.file_size > most:
        raise PalaestraError(f"The entry {entry.filename!r} has {entry.file_size} bytes; at most {most} are allowed.")
    if entry.file_size > 1 << 20 and entry.file_size > MOST_RATIO * entry.compress_size:
        raise PalaestraError(
            f"The entry {entry.filename!r} unpacks to more than {MOST_RATIO} times its size: that is a bomb."
        )


def _places(file: BinaryIO, entries: list[ZipInfo], end: int) -> list[tuple[ZipInfo, int]]:
    """Where each entry's contents begin; entries must fill the file without gap or overlap."""
    found: list[tuple[ZipInfo, int]] = []
    reached = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        # Sizes that were not known yet stand behind the contents, in 12 or 16 bytes.
        gaps = (12, 16) if found and found[-1][0].flag_bits & _DESCRIBED_BEHIND else (0,)
        if entry.header_offset - reached not in gaps:
            raise PalaestraError(f"The entry {entry.filename!r} overlaps another, or hidden data lies before it.")
        file.seek(entry.header_offset)
        signature, _, flags, method, *_, name, extra = _LOCAL.unpack(file.read(_LOCAL.size))
        if signature != _LOCAL_SIGNATURE or (flags, method) != (entry.flag_bits, entry.compress_type):
            raise PalaestraError(f"The entry {entry.filename!r} is described differently in its two headers.")
        if file.read(name) != entry.orig_filename.encode():
            raise PalaestraError(f"The entry {entry.filename!r} has another name in its own header.")
        start = entry.header_offset + _LOCAL.size + name + extra
        reached = start + entry.compress_size
        found.append((entry, start))
    last = (12, 16) if found and found[-1][0].flag_bits & _DESCRIBED_BEHIND else (0,)
    if end - reached not in last:
        raise PalaestraError("The last entry overlaps the archive's directory, or hidden data lies behind it.")
    return found
