"""Parquet files that hide something beside a trace, or cost more time than their numbers need."""

from __future__ import annotations

import json
import re
import time
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import palaestra
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from palaestra.core.errors import PalaestraError
from palaestra.core.traces.trace import Trace

MOST = 1 << 20


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    options = {"game": "random_normal_form", "players": 3, "actions": 2, "horizon": 4}
    trace = palaestra.run("TransferGame-v0", "Uniform", (0, 7, 2**256 - 1), options=options)
    return trace.compact().save(tmp_path_factory.mktemp("honest") / "trace.parquet")


def _with_footer(data: bytes, footer: bytes) -> bytes:
    return data + footer + len(footer).to_bytes(4, "little") + b"PAR1"


def _parts(path: Path) -> tuple[bytes, bytes]:
    """Everything before the footer, and the footer."""
    data = path.read_bytes()
    size = int.from_bytes(data[-8:-4], "little")
    return data[: -8 - size], data[-8 - size : -8]


def _before_the_footer(path: Path) -> bytes:
    pages, footer = _parts(path)
    return _with_footer(pages + b"hidden" * 100, footer)


def _in_the_footer(path: Path) -> bytes:
    pages, footer = _parts(path)
    return _with_footer(pages, footer + b"hidden" * 100)


def _rewritten(change: Callable[[pa.Table], pa.Table]) -> Callable[[Path], bytes]:
    def rewritten(path: Path) -> bytes:
        out = pa.BufferOutputStream()
        pq.write_table(change(pq.read_table(path)), out)
        return bytes(out.getvalue())

    return rewritten


def _header(table: pa.Table) -> str:
    return str(table.schema.metadata[b"palaestra"].decode())


def _key_twice(table: pa.Table) -> pa.Table:
    header = _header(table)
    return table.replace_schema_metadata({"palaestra": '{"env_id": "EasyGame-v0", ' + header[1:]})


def _free_metadata(table: pa.Table) -> pa.Table:
    return table.replace_schema_metadata({"palaestra": _header(table), "more": "hidden" * 100})


def _metadata_of_a_column(table: pa.Table) -> pa.Table:
    field = table.schema.field(0).with_metadata({"more": "hidden" * 100})
    return table.cast(table.schema.set(0, field))


def _second_header(path: Path) -> bytes:
    """pyarrow writes a copy of the schema, header and all, and believes the copy; other readers do not know it."""
    table = pq.read_table(path)
    other = json.dumps(json.loads(_header(table)) | {"env_id": "EasyGame-v0"})
    copy = table.schema.with_metadata({"palaestra": other}).serialize().to_pybytes()
    bare, out = table.replace_schema_metadata(None), pa.BufferOutputStream()
    with pq.ParquetWriter(out, bare.schema, store_schema=False) as writer:
        writer.write_table(bare)
        writer.add_key_value_metadata({"palaestra": _header(table), "ARROW:schema": b64encode(copy).decode()})
    return bytes(out.getvalue())


def _number(value: int) -> bytes:
    """A small integer as Thrift's compact protocol writes it."""
    zigzag, found = value << 1, b""
    while zigzag > 127:
        found += bytes([zigzag & 127 | 128])
        zigzag >>= 7
    return found + bytes([zigzag])


def _made_of(page: bytes, columns: int, pages: int) -> bytes:
    """A file of many columns or pages, each page the same, described by a footer of the shortest form."""
    chunks, at = b"", 4
    for _ in range(columns):
        place = b"\x56" + _number(1) + b"\x26" + _number(len(page) * pages) + b"\x26" + _number(at)
        chunks, at = chunks + b"\x3c" + place + b"\0\0", at + len(page) * pages
    size, many = columns, b""
    while size > 127:
        many, size = many + bytes([size & 127 | 128]), size >> 7
    group = b"\x19\xfc" + many + bytes([size]) + chunks + b"\x26" + _number(1) + b"\0"
    return _with_footer(b"PAR1" + page * (pages * columns), b"\x49\x1c" + group + b"\0")


EMPTY = b"\x15\x00\x15\x00\x15\x00\x00"
"""The header of a page that unpacks to nothing."""
ENDLESS = b"\x15\x00\x15\x00\x15\x00\x69\xf1" + b"\x80\xda\xc4\x09" + b"\x01" * 20_000_000 + b"\x00"
"""The header of a page with a list of twenty million truth values, which took ten seconds and 300 MB to read."""
LARGER_PACKED = b"\x15\x00\x15\x00\x15" + _number(1000) + b"\x00" + bytes(1000)

FILES: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "bytes before the footer": (_before_the_footer, "600 bytes before its footer belong to no column"),
    "bytes after the end of the footer": (_in_the_footer, "its footer ends 600 bytes before its end"),
    "duplicate key of the header": (_rewritten(_key_twice), "the key 'env_id' appears twice"),
    "metadata with an unknown key": (_rewritten(_free_metadata), "has the key b'more', which no trace has"),
    "metadata of a column": (_rewritten(_metadata_of_a_column), "column 'lane' has metadata of its own"),
    "second header": (_second_header, "second header in its copy of the schema"),
    "half a million pages without contents": (lambda _: _made_of(EMPTY, 1, 500_000), "more pages than its numbers"),
    "header of a page without an end": (lambda _: _made_of(ENDLESS, 1, 1), "its description holds a list"),
    "a hundred thousand columns": (lambda _: _made_of(EMPTY, 140_000, 1), "more columns than its numbers"),
    "page that is longer packed than unpacked": (lambda _: _made_of(LARGER_PACKED, 1, 1), "a page has an impossible"),
}


@pytest.mark.parametrize("attack", FILES)
def test_a_file_that_holds_more_than_a_trace_is_refused_before_pyarrow_unpacks_it(honest: Path, attack: str) -> None:
    make, reason = FILES[attack]
    data = make(honest)
    began = time.process_time()
    with pytest.raises(PalaestraError, match=reason):
        Trace.parse(data, "trace", MOST)
    assert time.process_time() - began < 5.0, "reading a page's header takes microseconds, and few are read"


def test_what_pyarrow_writes_by_itself_is_read(honest: Path) -> None:
    before = Trace.load(honest)
    again = Trace.parse(_rewritten(lambda table: table)(honest), "again", MOST)
    assert again.seeds == before.seeds and again.steps == before.steps


def test_what_pyarrow_says_of_a_file_is_one_harmless_line(honest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its errors repeat names out of the file as they are."""

    def fails(*_: object, **__: object) -> None:
        raise pa.ArrowInvalid("Column \x1b[2J\n::notice:: is damaged")

    monkeypatch.setattr(pq, "ParquetFile", fails)
    with pytest.raises(PalaestraError) as told:
        Trace.load(honest)
    assert str(told.value).isprintable() and "::" not in str(told.value)


def test_the_name_of_a_column_is_shown_and_not_obeyed(honest: Path) -> None:
    name = "\x1b]0;x\x07\n::notice::fine"
    data = _rewritten(lambda table: table.append_column(name, table["lane"]))(honest)
    with pytest.raises(PalaestraError, match=re.escape("unknown columns ['\\x1b]0;x\\x07\\n::notice::fine']")) as told:
        Trace.parse(data, "trace", MOST)
    assert str(told.value).isprintable()
