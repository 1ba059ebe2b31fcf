"""Attacks with files (DESIGN §7): links, pipes, stowaways, files that change, and files that unpack to gigabytes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from palaestra.core.errors import PalaestraError
from palaestra.core.traces.trace import Trace
from palaestra.leaderboards.submission.verify import Refused, verify
from palaestra.tests.support.tiny_submissions import restamp, submitted, tiny_world

TRACE = "traces/00001.parquet"


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with tiny_world(tmp_path_factory.mktemp("files")) as world:
        yield submitted(world)


@pytest.fixture
def copy(honest: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(honest, tmp_path / "copy"))


def _moved(folder: Path, name: str) -> Path:
    return Path((folder / name).rename(folder.parent / "elsewhere"))


def _linked(name: str) -> Callable[[Path], Any]:
    return lambda folder: (folder / name).symlink_to(_moved(folder, name))


def _pipe(folder: Path) -> None:
    (folder / TRACE).unlink()
    os.mkfifo(folder / TRACE)


def _device(folder: Path) -> None:
    (folder / TRACE).unlink()
    (folder / TRACE).symlink_to("/dev/zero")


def _folder(folder: Path) -> None:
    (folder / TRACE).unlink()
    (folder / TRACE).mkdir()


ATTACKS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "extra file": (lambda folder: (folder / "weights.pkl").write_bytes(b"\x80\x04."), r"does not name: 'weights\.pkl'"),
    "extra file among the traces": (lambda folder: (folder / "traces" / "run.py").touch(), r"does not name: 'run\.py'"),
    "folder of weights": (lambda folder: (folder / "weights").mkdir(), "does not name: 'weights'"),
    "link to a trace": (_linked(TRACE), "is not a plain file"),
    "link to the manifest": (_linked("manifest.json"), "is missing or is not a plain file"),
    "link to the folder of traces": (_linked("traces"), "is not a plain file"),
    "hard link": (lambda folder: os.link(folder / TRACE, folder.parent / "other"), "hard link"),
    "pipe": (_pipe, "a pipe or a device"),
    "device": (_device, "is not a plain file"),
    "folder for a trace": (_folder, "a folder, a pipe or a device"),
    "missing trace": (lambda folder: (folder / TRACE).unlink(), "is missing or is not a plain file"),
    "trace of more bytes than its numbers need": (
        lambda folder: (folder / TRACE).write_bytes((folder / TRACE).read_bytes() + bytes(6 << 20)),
        r"bytes; at most \d+ are read",
    ),
    "no traces at all": (lambda folder: shutil.rmtree(folder / "traces"), "traces/ is missing"),
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "manifest.json is missing"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_no_plain_file_of_the_manifest_is_refused(copy: Path, attack: str) -> None:
    change, reason = ATTACKS[attack]
    change(copy)
    with pytest.raises(Refused, match=reason):
        verify(copy)


def test_a_folder_that_is_a_link_is_refused(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(copy)
    with pytest.raises(Refused, match="Give the folder itself"):
        verify(tmp_path / "link")


def test_a_file_that_changes_while_it_is_verified_changes_nothing(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is read once: the bytes whose digest was taken are the bytes that are parsed."""
    before, parse = verify(copy), Trace.parse

    def swapped(data: bytes, name: str, most: int) -> Trace:
        for path in copy.rglob("*.*"):
            path.write_bytes(b"swapped")
        return parse(data, name, most)

    monkeypatch.setattr(Trace, "parse", staticmethod(swapped))
    with pytest.raises(Refused, match="SHA-256"):
        verify(copy)  # the second trace was swapped before its digest was taken
    shutil.rmtree(copy / "traces")
    assert before.lanes == 12
    data = (copy / "manifest.json").read_bytes()
    assert data == b"swapped", "and the first was parsed from the bytes that were read before"


def _dictionary_bomb(path: Path) -> None:
    """24 rows of a column whose dictionary is one text of 100 MB, packed to some kilobytes."""
    table = pq.read_table(path)
    text = pa.array(["x" * 100_000_000])
    bomb = pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(table), np.int8)), text)
    pq.write_table(table.append_column("player_0.note", bomb), path, compression="zstd", write_statistics=False)


def _row_bomb(path: Path) -> None:
    """12 million rows of one number, in a header that says so too."""
    table = pq.read_table(path)
    header = json.loads(table.schema.metadata[b"palaestra"]) | {"steps": 2_000_000, "lengths": [2_000_000] * 6}
    names = [name for name in table.column_names if not name.startswith("player_")] + ["player_0.play"]
    zeros = pa.array(np.zeros(12_000_000, np.int8))
    columns = {name: zeros if name != "check" else zeros.view(pa.uint8()) for name in names}
    made = pa.table(columns).replace_schema_metadata({"palaestra": json.dumps(header)})
    pq.write_table(made, path, compression="zstd", write_statistics=False)


PROGRAM = """
import re, sys
from pathlib import Path
from palaestra.core.traces.trace import Trace
from palaestra.core.errors import PalaestraError
import numpy, pyarrow.parquet as pq
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1000
path = Path(sys.argv[1])
before = peak()
try:
    Trace.parse(path.read_bytes(), path.name, 1 << 20)
    print("taken", peak() - before)
except PalaestraError as error:
    print(error, "|", peak() - before)
pq.read_table(path)
print(peak() - before)
"""


@pytest.mark.parametrize(
    ("bomb", "told"),
    [
        (_dictionary_bomb, "unpack to more bytes than its numbers need"),
        (_row_bomb, "more pages than its numbers need"),
    ],
)
def test_a_file_that_unpacks_to_much_more_is_refused_before_it_is_unpacked(
    copy: Path, bomb: Callable[[Path], None], told: str
) -> None:
    path = copy / "traces" / "00000.parquet"
    bomb(path)
    assert path.stat().st_size < 300_000
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(path)], capture_output=True, text=True, check=True)
    ours, careless = done.stdout.strip().splitlines()
    message, _, taken = ours.partition(" | ")
    assert any(part in message for part in told.split("|"))
    assert float(taken) < 30 < 60 < float(careless), "MB; a careless reader takes them"
    restamp(copy)
    with pytest.raises(Refused, match=told):
        verify(copy)


def test_a_footer_is_read_without_pyarrow_ending_the_process(copy: Path) -> None:
    """pyarrow 26, asked for a column whose level histograms do not fit, calls std::terminate: it is never asked."""
    data = (copy / "traces" / "00000.parquet").read_bytes()
    for place in range(len(data) - 700, len(data), 7):
        damaged = bytearray(data)
        damaged[place] ^= 0x20
        try:
            Trace.parse(bytes(damaged), "trace", 1 << 20)
        except PalaestraError:
            continue
