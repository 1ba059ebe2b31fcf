"""Archives as people make them are taken; what is hidden between their bytes, or swells, is refused."""

from __future__ import annotations

import io
import shutil
import stat
import struct
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.submission.submission_folder import submission_folder
from palaestra.leaderboards.submission.unpack import unpack
from palaestra.leaderboards.submission.verify import verify
from palaestra.tests.leaderboards.server.test_server_unpack import FILES, entry, last_header, packed, with_field
from palaestra.tests.support.tiny_submissions import submitted, tiny_world


def around(top: str, *more: str) -> bytes:
    """A submission in a folder, as a program packs it that is given the folder, and other files beside it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(entry(top, stat.S_IFDIR | 0o755), b"")
        for name, content in FILES.items():
            archive.writestr(top + name, content)
        for name in more:
            archive.writestr(name, b"more")
    return out.getvalue()


def swelling() -> bytes:
    """Three hundred files of 1 MiB, each packed to a thousandth, none of them too large by itself."""
    return packed(*((f"traces/{number:05}.parquet", bytes(1 << 20)) for number in range(1, 301)))


def with_extra(kind: int, content: bytes) -> bytes:
    """An additional field of the last entry, in both headers."""
    info = zipfile.ZipInfo("signature.hex")
    info.extra = struct.pack("<2H", kind, len(content)) + content
    return packed((info, b"ab"))


def only_in_its_own_header() -> bytes:
    """A field of 60,000 bytes that the directory does not tell of."""
    archive = bytearray(with_extra(0x9999, b"evil" * 15_000))
    size = 4 + 60_000
    at = last_header(bytes(archive))
    name = struct.unpack_from("<H", archive, at + 28)[0]
    del archive[at + 46 + name : at + 46 + name + size]
    struct.pack_into("<H", archive, at + 30, 0)
    end = archive.rindex(b"PK\x05\x06")
    length = struct.unpack_from("<L", archive, end + 12)[0]
    struct.pack_into("<L", archive, end + 12, length - size)
    return bytes(archive)


def in_its_own_header(offset: int, value: int) -> bytes:
    """The last entry's own header changed, and the directory left as it was."""
    archive = bytearray(packed())
    struct.pack_into("<L", archive, archive.rindex(b"PK\x03\x04") + offset, value)
    return bytes(archive)


def with_empty_name() -> bytes:
    """An entry whose name has no letters, in both headers."""
    archive = bytearray(packed(("x", b"")))
    for signature, at, size in ((b"PK\x01\x02", 28, 46), (b"PK\x03\x04", 26, 30)):
        place = archive.rindex(signature)
        struct.pack_into("<H", archive, place + at, 0)
        del archive[place + size]
    end = archive.rindex(b"PK\x05\x06")
    length, start = struct.unpack_from("<2L", archive, end + 12)
    struct.pack_into("<2L", archive, end + 12, length - 1, start - 1)
    return bytes(archive)


def commented() -> bytes:
    info = zipfile.ZipInfo("signature.hex")
    info.comment = b"hidden"
    return packed((info, b"ab"))


ATTACKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb of many small files": (swelling, "more than 200 times what is packed: that is a bomb"),
    "field of a header that the directory hides": (only_in_its_own_header, "has hidden data in a header"),
    "field of an unknown kind": (lambda: with_extra(0x9999, b"evil"), "has hidden data in a header"),
    "field of times that is too long": (lambda: with_extra(0x5455, bytes(200)), "has hidden data in a header"),
    "another checksum in its own header": (lambda: in_its_own_header(14, 7), "has another checksum or size in its own"),
    "another size in its own header": (lambda: in_its_own_header(22, 7), "has another checksum or size in its own"),
    "comment of an entry": (commented, "has a comment"),
    "two folders at the top": (lambda: around("winners/", "others/manifest.json"), "is not a file of a submission"),
    "file beside the folder": (lambda: around("winners/", "run.py"), "is not a file of a submission"),
    "top folder whose name leads out": (lambda: around("../"), "leads out of the folder"),
    "entry without a name": (lambda: with_empty_name(), "is not a file of a submission"),
    "folder within the folder": (lambda: around("winners/winners/"), "is not a file of a submission"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_archive_that_hides_or_swells_is_refused_and_leaves_nothing(tmp_path: Path, attack: str) -> None:
    make, reason = ATTACKS[attack]
    (tmp_path / "up.zip").write_bytes(make())
    with pytest.raises(PalaestraError, match=reason):
        unpack(tmp_path / "up.zip", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["up.zip"]


@pytest.mark.parametrize("top", ["winners/", "traces/", "my agent (2)/", "Gewinner ä/"])
def test_one_folder_around_everything_is_taken_off(tmp_path: Path, top: str) -> None:
    (tmp_path / "up.zip").write_bytes(around(top))
    unpack(tmp_path / "up.zip", tmp_path / "out")
    found = {
        path.relative_to(tmp_path / "out").as_posix(): path.read_bytes() for path in (tmp_path / "out").rglob("*.*")
    }
    assert found == FILES


@pytest.mark.parametrize("how", ["zip", "zip, to a pipe", "Python", "shutil"])
@pytest.mark.parametrize("inside", [False, True])
def test_what_common_programs_make_of_the_folder_verifies(tmp_path: Path, how: str, inside: bool) -> None:
    with tiny_world(tmp_path) as world:
        folder = submitted(world, name="winners")
        where, what = (folder, ".") if inside else (world, "winners")
        made = world / "made.zip"
        if how.startswith("zip"):
            if shutil.which("zip") is None:
                pytest.skip("zip is not installed")
            out = "-" if "pipe" in how else str(made)
            done = subprocess.run(["zip", "-q", "-r", out, what], cwd=where, check=True, capture_output=True)
            if "pipe" in how:
                made.write_bytes(done.stdout)
        elif how == "Python":
            subprocess.run(["python3", "-m", "zipfile", "-c", str(made), what], cwd=where, check=True)
        else:
            shutil.make_archive(str(world / "made"), "zip", where, what)
        with submission_folder(made) as home:
            assert verify(home).lanes == 12


def test_sizes_behind_the_contents_are_held_against_the_directory(tmp_path: Path) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError("a pipe")

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    whole = bytearray(pipe.getvalue())
    (tmp_path / "up.zip").write_bytes(whole)
    unpack(tmp_path / "up.zip", tmp_path / "out")
    whole[whole.rindex(b"PK\x07\x08") + 12] ^= 1
    (tmp_path / "up.zip").write_bytes(whole)
    with pytest.raises(PalaestraError, match="another checksum or size after its contents"):
        unpack(tmp_path / "up.zip", tmp_path / "again")


def test_a_folder_with_contents_is_refused(tmp_path: Path) -> None:
    (tmp_path / "up.zip").write_bytes(with_field(packed((entry("traces/", stat.S_IFDIR), b"")), 20, "<L", 2))
    with pytest.raises(PalaestraError, match="a folder with contents"):
        unpack(tmp_path / "up.zip", tmp_path / "out")
