"""Damaged and hostile trace files get a clear error, and nothing in them is executed."""

import io
import json
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import palaestra
import pytest
from hypothesis import given
from hypothesis import strategies as st
from palaestra.core.errors import PalaestraError
from palaestra.core.traces.flat_actions import flat
from palaestra.core.traces.trace import Trace

SUFFIXES = [".npz", ".parquet"]


@pytest.fixture(scope="module")
def trace() -> Trace:
    options = {"game": "random_normal_form", "players": 3, "actions": 2, "horizon": 4}
    return palaestra.run("TransferGame-v0", "Uniform", (0, 7, 2**256 - 1), options=options)


def _arrays(trace: Trace) -> list[Any]:
    return [*flat(trace.actions).values(), *(trace.rewards or ())]


FILES: dict[str, bytes] = {}


def _file(trace: Trace, tmp_path: Path, suffix: str) -> bytes:
    return FILES.setdefault(suffix, trace.save(tmp_path / f"whole{suffix}").read_bytes())


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_cut_anywhere_is_refused(trace: Trace, tmp_path: Path, suffix: str) -> None:
    whole = _file(trace, tmp_path, suffix)
    path = tmp_path / f"cut{suffix}"
    for length in (*range(0, len(whole), 97), len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(PalaestraError, match=path.name):
            Trace.load(path)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_with_any_flipped_bit_is_refused_or_reads_as_it_was(
    trace: Trace, tmp_path_factory: Any, suffix: str
) -> None:
    folder = tmp_path_factory.mktemp("flip")
    whole = _file(trace, folder, suffix)
    path = folder / f"flipped{suffix}"

    @given(st.integers(0, len(whole) - 1), st.integers(0, 7))
    def check(position: int, bit: int) -> None:
        path.write_bytes(whole[:position] + bytes([whole[position] ^ (1 << bit)]) + whole[position + 1 :])
        try:
            loaded = Trace.load(path)
        except PalaestraError:
            return
        assert loaded._header() == trace._header()
        assert all(np.array_equal(mine, theirs) for mine, theirs in zip(_arrays(loaded), _arrays(trace), strict=True))

    check()


def _npz(**entries: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, **entries)
    return file.getvalue()


def _header(trace: Trace, **changes: Any) -> Any:
    fields = {**trace._header(), "digest": "0" * 32, **changes}
    text = json.dumps({key: value for key, value in fields.items() if value is not None})
    return np.frombuffer(text.encode(), np.uint8)


def _columns(trace: Trace) -> dict[str, Any]:
    return {f"column:{key}": value for key, value in flat(trace.actions).items()}


WRONG_HEADERS: dict[str, dict[str, Any]] = {
    "trace format 3": {"format": 4},
    "older version": {"format": 2},
    "lacks 'seeds'": {"seeds": None},
    "lacks 'steps'": {"steps": "4"},
    "impossible counts": {"steps": -1},
    "says": {"steps": 10**15, "lengths": [4, 4, 4]},
    "unknown fields": {"run_this": "rm -rf /"},
    "lengths": {"lengths": [4, 4, 5]},
    "2\\*\\*256 - 1": {"seeds": ["0", "1", str(2**256)]},
    "integers from 0": {"seeds": ["0", "1", "-1"]},
    "written as text": {"seeds": [0, 1, 2]},
    "one agent per player": {"agents": ["Uniform"]},
    "players": {"players": 10**9},
    "not that of its contents": {},
}


@pytest.mark.parametrize("told", WRONG_HEADERS)
def test_a_wrong_header_is_told_by_what_is_wrong(trace: Trace, tmp_path: Path, told: str) -> None:
    path = tmp_path / "hostile.npz"
    path.write_bytes(_npz(header=_header(trace, **WRONG_HEADERS[told]), **_columns(trace)))
    with pytest.raises(PalaestraError, match=told):
        Trace.load(path)


class _Runs:
    def __reduce__(self) -> Any:
        return os.mkdir, (str(Path(os.environ["PALAESTRA_TRAP"])),)


def _huge_array() -> bytes:
    """A `.npy` that promises 80 TB and holds nothing."""
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (10000000000000,), }"
    padded = header + b" " * (117 - len(header)) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(padded).to_bytes(2, "little") + padded


def test_nothing_in_a_file_is_executed(trace: Trace, tmp_path: Path, monkeypatch: Any) -> None:
    trap = tmp_path / "executed"
    monkeypatch.setenv("PALAESTRA_TRAP", str(trap))
    bomb = np.array([_Runs()], dtype=object)
    (tmp_path / "pickle.npz").write_bytes(pickle.dumps(_Runs()))
    (tmp_path / "pickle.parquet").write_bytes(pickle.dumps(_Runs()))
    (tmp_path / "header.npz").write_bytes(_npz(header=bomb, **_columns(trace)))
    columns = {**_columns(trace), "column:player_0.play": bomb}
    (tmp_path / "column.npz").write_bytes(_npz(header=_header(trace), **columns))
    for path in sorted(tmp_path.iterdir()):
        with pytest.raises(PalaestraError):
            Trace.load(path)
    assert not trap.exists()
    pickle.loads((tmp_path / "pickle.npz").read_bytes())
    assert trap.exists(), "a careless reader would have executed it"


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ({"column:player_0.play": np.zeros((4, 2), np.int64)}, "shape"),
        ({"column:player_0.play": np.array([["a"] * 3] * 4)}, "damaged|<U1"),
        ({"column:player_0.play": np.zeros((4, 3), complex)}, "complex"),
        ({"column:player_9.play": np.zeros((4, 3), np.int64)}, "unknown columns"),
        ({"column:player_0.reward": np.zeros((4, 3))}, "all or none"),
        ({"column:player_0.reward": np.zeros((4, 3, 2))}, "one float64 number"),
        ({"extra": np.zeros(3)}, "neither the header nor a column"),
    ],
)
def test_wrong_columns_are_refused(trace: Trace, tmp_path: Path, entries: Any, told: str) -> None:
    path = tmp_path / "hostile.npz"
    path.write_bytes(_npz(**{"header": _header(trace), **_columns(trace), **entries}))
    with pytest.raises(PalaestraError, match=told):
        Trace.load(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_that_promises_more_than_it_holds_or_repeats_itself_is_refused(trace: Trace, tmp_path: Path) -> None:
    path = tmp_path / "hostile.npz"
    for name, told in (("column:player_0.play.npy", "appears twice"), ("column:player_0.more.npy", "promises")):
        path.write_bytes(_npz(header=_header(trace), **_columns(trace)))
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(name, _huge_array())
        with pytest.raises(PalaestraError, match=told):
            Trace.load(path)


def _parquet(trace: Trace, path: Path, change: Any) -> None:
    import pyarrow.parquet as pq

    table = pq.read_table(trace.save(path))
    pq.write_table(change(table), path)


def test_rows_that_are_missing_doubled_or_in_another_order_are_refused(trace: Trace, tmp_path: Path) -> None:
    import pyarrow as pa

    path = tmp_path / "hostile.parquet"
    changes: list[tuple[Any, str]] = [
        (lambda t: t.slice(0, 11), "11 rows"),
        (lambda t: pa.concat_tables([t, t]), "24 rows"),
        (lambda t: pa.concat_tables([t.slice(1, 1), t.slice(0, 1), t.slice(2)]), "not in order"),
        (lambda t: pa.concat_tables([t.slice(0, 11), t.slice(0, 1)]), "not in order"),
        (lambda t: t.drop_columns(["lane"]), "is not there"),
        (lambda t: t.append_column("extra", t["lane"]), "unknown columns"),
        (lambda t: t.append_column("lane", t["lane"]), "twice"),
        (lambda t: t.append_column("player_0.s", pa.array(["x"] * 12)), "player_0.s"),
        (lambda t: t.append_column("player_0.n", pa.array([None] * 12, pa.int64())), "missing values"),
        (lambda t: t.replace_schema_metadata({}), "lacks the key"),
        (lambda t: t.replace_schema_metadata({"palaestra": "[" * 100_000}), "damaged"),
    ]
    for change, told in changes:
        _parquet(trace, path, change)
        with pytest.raises(PalaestraError, match=told):
            Trace.load(path)


def test_a_file_that_is_not_there_or_not_a_trace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PalaestraError, match="There is no trace"):
        Trace.load(tmp_path / "none.npz")
    for name in ("text.npz", "text.parquet", "text.txt", "empty.npz", "empty.parquet"):
        (tmp_path / name).write_text("" if "empty" in name else "hello")
        with pytest.raises(PalaestraError, match=name):
            Trace.load(tmp_path / name)
