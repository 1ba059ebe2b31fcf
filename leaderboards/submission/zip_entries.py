"""The entries of a ZIP archive that may be a submission, every byte of the archive accounted for but times and owners.

The central directory is parsed by the standard library after its size was checked. Archives of several volumes, of more
than 4 GiB (ZIP64), with a comment, or with anything before, between or behind the entries are refused: no submission
needs them, and every reader understands them differently. A folder around everything is taken off.

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
from .strict_record import MOST_BYTES
from .zip_offsets import zip_offsets

MOST_ENTRIES = 20_000
MOST_RATIO = 200
"""How many times their packed size entries of more than 1 MiB may have, alone and together; traces and weights are
packed already."""

_SIZES = {"manifest.json": MOST_BYTES, "signature.hex": 1 << 10, "traces": 1 << 30, "weights": 1 << 30}
_NAMES = re.compile(
    r"manifest\.json|signature\.hex|traces/[0-9]{5}\.parquet|weights/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}\.safetensors"
)
_FOLDERS = ("traces/", "weights/")
_END, _END_SIGNATURE = struct.Struct("<4s4H2LH"), b"PK\x05\x06"
_ENCRYPTED = 0x2041


def zip_entries(file: BinaryIO, most_total: int) -> list[tuple[str, ZipInfo, int]]:
    """Every file, as what it is to be unpacked, its entry, and where its contents begin.

    Checked are names, kinds, declared sizes and places, not the contents.

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
    around = _folder_around([entry.orig_filename for entry in entries])
    seen: dict[str, str] = {}
    for entry in entries:
        name = entry.orig_filename.removeprefix(around)
        _check_name(entry, name, seen)
        _check_kind(entry)
        _check_size(entry, name)
    if "manifest.json" not in seen.values():
        raise PalaestraError(
            "The archive has no manifest.json at its top level, or in its only folder: pack the submission's folder."
        )
    total, packed = (sum(getattr(entry, what) for entry in entries) for what in ("file_size", "compress_size"))
    if total > most_total:
        raise PalaestraError(f"The archive unpacks to {total} bytes in all; at most {most_total} are allowed.")
    if total > 1 << 20 and total > MOST_RATIO * packed:
        raise PalaestraError(
            f"The archive unpacks to {total} bytes, more than {MOST_RATIO} times what is packed: that is a bomb."
        )
    places = zip_offsets(file, entries, end)
    return [(one.orig_filename.removeprefix(around), one, start) for one, start in places if not one.is_dir()]


def _folder_around(names: list[str]) -> str:
    """The folder that holds the manifest and all else, with its slash, as `zip -r made.zip FOLDER` packs it; or ""."""
    top = names[0].partition("/")[0] + "/" if names else ""
    return top if f"{top}manifest.json" in names and all(name.startswith(top) for name in names) else ""


def _directory(file: BinaryIO) -> int:
    """Where the central directory begins, from the record at the very end of the file."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END.size))
    record = file.read()
    if len(record) < _END.size or not record.startswith(_END_SIGNATURE):
        raise PalaestraError("This is not a ZIP archive, or there is data after its end.")
    _, disk, first, here, entries, length, start, comment = _END.unpack(record)
    if comment or disk or first or here != entries or 0xFFFF in (here, entries) or 0xFFFFFFFF in (length, start):
        raise PalaestraError("Archives with a comment, of several volumes, or of the ZIP64 format are not accepted.")
    if entries > MOST_ENTRIES:
        raise PalaestraError(f"The archive has {entries} entries; at most {MOST_ENTRIES} are allowed.")
    if start + length != size - _END.size or length > entries * 512:
        raise PalaestraError("The archive's directory is not where its end record says, or holds more than it lists.")
    file.seek(0)
    return int(start)


def _check_name(entry: ZipInfo, name: str, seen: dict[str, str]) -> None:
    """Refuse a name that is no place in a submission; `name` is that without the folder around everything."""
    whole = entry.orig_filename
    shown = repr(whole[:100])
    if whole.startswith("/") or re.match(r"[A-Za-z]:", whole):
        raise PalaestraError(f"The entry {shown} has an absolute path.")
    if "\\" in whole or whole != entry.filename:
        raise PalaestraError(f"The entry {shown} has a backslash, a null, or a second name.")
    if ".." in whole.split("/"):
        raise PalaestraError(f"The entry {shown} leads out of the folder.")
    if (other := seen.get(name.casefold())) is not None:
        alike = "appears twice" if other == name else f"differs from {other!r} only by capital letters"
        raise PalaestraError(f"The entry {shown} {alike}.")
    seen[name.casefold()] = name
    if not (_NAMES.fullmatch(name) or name in _FOLDERS or (whole and not name)):  # the last is the folder around
        raise PalaestraError(
            f"The entry {shown} is not a file of a submission. A submission has manifest.json, signature.hex, "
            f"traces/NNNNN.parquet and weights/NAME.safetensors, all in one folder or in none. To pack only these: "
            f"zip -r -X made.zip FOLDER -x '*/.*'."
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
    if entry.comment or (entry.is_dir() and entry.compress_size):
        raise PalaestraError(f"The entry {entry.filename!r} has a comment, or is a folder with contents.")


def _check_size(entry: ZipInfo, name: str) -> None:
    most = 0 if entry.is_dir() else _SIZES[name.partition("/")[0]]
    if entry.file_size > most:
        raise PalaestraError(f"The entry {entry.filename!r} has {entry.file_size} bytes; at most {most} are allowed.")
    if entry.file_size > 1 << 20 and entry.file_size > MOST_RATIO * entry.compress_size:
        raise PalaestraError(
            f"The entry {entry.filename!r} unpacks to more than {MOST_RATIO} times its size: that is a bomb."
        )
