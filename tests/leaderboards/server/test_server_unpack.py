"""Archives and the attacks hidden in them (DESIGN §7): each is refused with a message that names the reason."""

from __future__ import annotations

import io
import json
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.submission.unpack import unpack

MANIFEST, TRACE = b'{"format": 1}', b"PAR1 and so on" * 50
FILES = {"manifest.json": MANIFEST, "traces/00000.parquet": TRACE}


def packed(*more: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A fine submission, and more entries behind it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in (*FILES.items(), *more):
            archive.writestr(name, content)
    return out.getvalue()


def entry(name: str, mode: int = 0, **fields: int) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.external_attr = mode << 16
    for key, value in fields.items():
        setattr(made, key, value)
    return made


def edited(archive: bytes, old: bytes, new: bytes, times: int = -1) -> bytes:
    """The archive with some of its bytes replaced by as many others."""
    assert old in archive and len(old) == len(new)
    return archive.replace(old, new, times)


def last_header(archive: bytes) -> int:
    return archive.rindex(b"PK\x01\x02")


def with_field(archive: bytes, offset: int, shape: str, value: int) -> bytes:
    """The archive with a field of its last entry's record in the directory changed."""
    whole = bytearray(archive)
    struct.pack_into(shape, whole, last_header(archive) + offset, value)
    return bytes(whole)


def with_both(archive: bytes, offset: int, value: int) -> bytes:
    """The same, in the entry's own header too, where every field lies two bytes earlier."""
    whole = bytearray(with_field(archive, offset, "<L", value))
    struct.pack_into("<L", whole, archive.rindex(b"PK\x03\x04") + offset - 2, value)
    return bytes(whole)


def overlapping() -> bytes:
    """Two entries of the directory that share the bytes of one."""
    archive = packed()
    first = archive.index(b"PK\x01\x02")
    second = last_header(archive)
    end = archive.index(b"PK\x05\x06")
    start_of_trace = struct.unpack_from("<L", archive, second + 42)[0]
    one_more = bytearray(edited(archive[second:end], b"00000.parquet", b"00001.parquet"))
    struct.pack_into("<L", one_more, 42, start_of_trace)
    record = bytearray(archive[end:])
    struct.pack_into("<HHL", record, 8, 3, 3, end - first + len(one_more))
    return archive[:end] + bytes(one_more) + bytes(record)


def understated() -> bytes:
    """A trace that declares 100 bytes, with the checksum of these, and inflates to 700."""
    return with_both(with_both(packed(), 24, 100), 16, zlib.crc32(TRACE[:100]))


def cut_short() -> bytes:
    """A stored trace that is declared to be 1,000,000 bytes long, in both headers."""
    archive = packed(method=zipfile.ZIP_STORED)
    sizes = struct.pack("<LL", len(TRACE), len(TRACE))
    return archive.replace(sizes, struct.pack("<LL", 1_000_000, 1_000_000))


def shown_to_others_as(name: str) -> bytes:
    """A trace whose own header has another name than the directory."""
    archive = packed()
    return edited(archive, b"traces/00000.parquet", name.encode(), 1)


ATTACKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb of one large file": (
        lambda: packed(("traces/00001.parquet", bytes(5 << 20))),
        "unpacks to more than 200 times its size: that is a bomb",
    ),
    "huge declared size": (lambda: with_field(packed(), 24, "<L", (1 << 30) + 1), "at most 1073741824 are allowed"),
    "declared size that is too small": (understated, "holds more than the 100 bytes that it declares"),
    "contents that are cut short": (cut_short, "overlaps the archive's directory"),
    "contents that are said to end sooner": (
        lambda: with_both(packed(), 20, struct.unpack_from("<L", packed(), last_header(packed()) + 20)[0] - 3),
        "there is hidden data after it",
    ),
    "wrong checksum": (lambda: with_both(packed(), 16, 7), "is not what its size and checksum declare"),
    "archive in the archive": (lambda: packed(("traces/00001.parquet", packed())), "is itself an archive"),
    "too many entries": (
        lambda: packed(*((f"traces/{k:05}.parquet", b"") for k in range(1, 20_001))),
        "20002 entries; at most 20000 are allowed",
    ),
    "absolute path": (lambda: packed(("/etc/passwd", b"x")), "has an absolute path"),
    "drive letter": (lambda: packed(("C:evil.parquet", b"x")), "has an absolute path"),
    "path out of the folder": (lambda: packed(("traces/../../00001.parquet", b"x")), "leads out of the folder"),
    "backslash in a name": (
        lambda: edited(packed(("traces/00001.parquet", b"x")), b"traces/00001", b"traces\\00001"),
        "has a backslash, a null, or a second name",
    ),
    "null in a name": (
        lambda: edited(packed(("traces/00001.parquet.", b"x")), b"00001.parquet.", b"00001.parquet\0"),
        "has a backslash, a null, or a second name",
    ),
    "link": (
        lambda: packed((entry("traces/00001.parquet", stat.S_IFLNK | 0o777), b"/etc/passwd")),
        "is a link; submissions hold plain files",
    ),
    "device": (lambda: packed((entry("traces/00001.parquet", stat.S_IFCHR | 0o666), b"")), "is a special file"),
    "pipe": (lambda: packed((entry("traces/00001.parquet", stat.S_IFIFO | 0o666), b"")), "is a special file"),
    "folder with the name of a file": (
        lambda: packed((entry("signature.hex", stat.S_IFDIR), b"")),
        "is a special file",
    ),
    "duplicate name": (lambda: packed(("manifest.json", b"other")), "appears twice"),
    "name in other capital letters": (
        lambda: packed(("Manifest.json", b"other")),
        "differs from 'manifest.json' only by capital letters",
    ),
    "extra file": (lambda: packed(("setup.py", b"import os")), "is not a file of a submission"),
    "findings written by the submitter": (lambda: packed(("findings.json", b"{}")), "is not a file of a submission"),
    "pickle": (lambda: packed(("weights/net.pkl", b"\x80\x04.")), "is not a file of a submission"),
    "digits of another script in a name": (
        lambda: packed(("traces/0000١.parquet", b"x")),
        "is not a file of a submission",
    ),
    "trace in a folder too deep": (
        lambda: packed(("traces/more/00001.parquet", b"x")),
        "is not a file of a submission",
    ),
    "folder in the place of the manifest": (
        lambda: edited(packed(), b"manifest.json", b"manifest/json"),
        "is not a file of a submission",
    ),
    "encrypted entry": (lambda: with_field(packed(), 8, "<H", 1), "is encrypted"),
    "unsupported compression method": (lambda: packed(method=zipfile.ZIP_BZIP2), "is packed by method 12; use deflate"),
    "entries that overlap": (overlapping, "overlaps another, or there is hidden data before it"),
    "two names for one entry": (
        lambda: shown_to_others_as("traces/00009.parquet"),
        "has another name in its own header",
    ),
    "data after the end": (lambda: packed() + b"more", "not a ZIP archive, or there is data after its end"),
    "data before the start": (lambda: b"#!/bin/sh\n" + packed(), "directory is not where its end record says"),
    "comment of the archive": (
        lambda: packed()[:-2] + b"\x04\x00more",
        "not a ZIP archive, or there is data after its end",
    ),
    "no archive at all": (lambda: b"hello" * 100, "not a ZIP archive, or there is data after its end"),
    "empty file": (lambda: b"", "not a ZIP archive, or there is data after its end"),
    "no manifest": (lambda: edited(packed(), b"manifest.json", b"signature.hex"), "has no manifest.json at its top"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_by_name_and_leaves_nothing(tmp_path: Path, attack: str) -> None:
    make, reason = ATTACKS[attack]
    (tmp_path / "up.zip").write_bytes(make())
    with pytest.raises(PalaestraError, match=reason):
        unpack(tmp_path / "up.zip", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["up.zip"]


def test_everything_together_may_not_be_too_large(tmp_path: Path) -> None:
    (tmp_path / "up.zip").write_bytes(packed())
    with pytest.raises(PalaestraError, match="in all; at most 500"):
        unpack(tmp_path / "up.zip", tmp_path / "out", most_total=500)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_honest_archive_is_unpacked_as_it_is(tmp_path: Path, method: int) -> None:
    weights = bytes(range(256)) * 1000
    folder = entry("traces/", stat.S_IFDIR | 0o755)
    more: tuple[tuple[str | zipfile.ZipInfo, bytes], ...] = ((folder, b""), ("weights/net-1.safetensors", weights))
    (tmp_path / "up.zip").write_bytes(packed(*more, ("signature.hex", b"ab\ncd\n"), method=method))
    unpack(tmp_path / "up.zip", tmp_path / "out")
    found = {path.relative_to(tmp_path / "out").as_posix(): path for path in (tmp_path / "out").rglob("*.*")}
    assert found.keys() == {*FILES, "signature.hex", "weights/net-1.safetensors"}
    assert (
        found["weights/net-1.safetensors"].read_bytes() == weights and found["manifest.json"].read_bytes() == MANIFEST
    )
    with pytest.raises(PalaestraError, match="already exists"):
        unpack(tmp_path / "up.zip", tmp_path / "out")


def test_an_archive_that_was_written_to_a_pipe_is_unpacked_too(tmp_path: Path) -> None:
    """Its sizes stand behind the contents, since they were not known before."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: object) -> int:
            raise OSError("a pipe")

        def tell(self) -> int:
            raise OSError("a pipe")

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    (tmp_path / "up.zip").write_bytes(pipe.getvalue())
    unpack(tmp_path / "up.zip", tmp_path / "out")
    assert (tmp_path / "out" / "traces" / "00000.parquet").read_bytes() == TRACE


@settings(max_examples=150)
@given(where=st.integers(0, len(packed()) - 1), value=st.integers(0, 255))
def test_any_changed_byte_is_refused_or_changes_no_file(
    tmp_path_factory: pytest.TempPathFactory, where: int, value: int
) -> None:
    """Property; times and attributes of entries are not looked at and may change."""
    home = tmp_path_factory.mktemp("changed")
    damaged = bytearray(packed())
    damaged[where] = value
    (home / "up.zip").write_bytes(damaged)
    try:
        unpack(home / "up.zip", home / "out")
    except PalaestraError:
        assert not (home / "out").exists()
        return
    names = {path.relative_to(home / "out").as_posix(): path.read_bytes() for path in (home / "out").rglob("*.*")}
    assert names == FILES


def test_the_verifier_takes_an_archive_and_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    from palaestra.command_line.app import app
    from typer.testing import CliRunner

    (tmp_path / "up.zip").write_bytes(packed(("setup.py", b"import os")))
    refused = CliRunner().invoke(app, ["verify", str(tmp_path / "up.zip"), "--json"])
    assert refused.exit_code == 1 and "'setup.py' is not a file of a submission" in json.loads(refused.stdout)["reason"]
    (tmp_path / "up.zip").write_bytes(packed())
    refused = CliRunner().invoke(app, ["verify", str(tmp_path / "up.zip"), "--json"])
    assert refused.exit_code == 1 and "manifest" in json.loads(refused.stdout)["reason"]
