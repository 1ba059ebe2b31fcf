"""How a trace lies on disk: Parquet or npz, a checked header, and a digest of everything.

Nothing in a file is executed: neither format is read in a mode that could, and sizes are compared with the header
before anything is unpacked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np

from .arrays import Array
from .errors import PalaestraError

FORMAT = 1
MOST_BYTES = 8 << 30


def digest_of(fields: Mapping[str, Any], columns: Mapping[str, Array]) -> str:
    """Of everything that is stored, so that damage is seen. Who tampers can make it anew: truth is what replays."""
    digest = blake2b(json.dumps(fields, sort_keys=True).encode(), digest_size=16)
    for key in sorted(columns):
        value = np.ascontiguousarray(columns[key])
        digest.update(f"{key} {value.dtype} {value.shape}".encode())
        digest.update(value.data)
    return digest.hexdigest()


def write_npz(file: IO[bytes], header: str, columns: Mapping[str, Array]) -> None:
    """The header as bytes, and one array a column."""
    arrays = {f"column:{key}": value for key, value in columns.items()}
    np.savez_compressed(file, header=np.frombuffer(header.encode(), np.uint8), **arrays)


def write_parquet(path: Path, header: str, columns: Mapping[str, Array], steps: int, lanes: int) -> None:
    """One row a lane and step, the header in the schema's metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names, arrays = (
        ["lane", "step"],
        [
            pa.array(np.repeat(np.arange(lanes, dtype=np.int32), steps)),
            pa.array(np.tile(np.arange(steps, dtype=np.int32), lanes)),
        ],
    )
    for key, value in columns.items():
        rows = np.ascontiguousarray(np.swapaxes(value, 0, 1)).reshape(steps * lanes, -1)
        column = pa.array(rows.reshape(-1))
        if value.ndim > 2:
            column = pa.FixedSizeListArray.from_arrays(column, rows.shape[1])
        names.append(f"{key}{list(value.shape[2:])}" if value.ndim > 2 else key)
        arrays.append(column)
    table = pa.Table.from_arrays(arrays, names=names).replace_schema_metadata({"palaestra": header})
    pq.write_table(table, path, compression="zstd")


def read_parquet(path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """Header and columns (steps, lanes, ...)."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    size = sum(file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups))
    metadata = file.schema_arrow.metadata or {}
    if b"palaestra" not in metadata:
        raise PalaestraError("this Parquet file is not a palaestra trace: its metadata lacks the key 'palaestra'.")
    header = _checked_header(metadata[b"palaestra"])
    lanes, steps = len(header["seeds"]), header["steps"]
    if size > MOST_BYTES or file.metadata.num_rows != lanes * steps:
        raise PalaestraError(
            f"{file.metadata.num_rows} rows of {size} bytes do not fit {lanes} lanes of {steps} steps "
            f"(at most {MOST_BYTES} bytes)."
        )
    if len(set(file.schema_arrow.names)) != len(file.schema_arrow.names):
        raise PalaestraError("a column is there twice.")
    table = file.read()
    columns: dict[str, Array] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if column.null_count:
            raise PalaestraError(f"column {name!r} has {column.null_count} missing values.")
        key, bracket, shape = name.partition("[")
        tail = tuple(json.loads(bracket + shape)) if bracket else ()
        whole = column.combine_chunks()
        values = whole.flatten() if pa.types.is_fixed_size_list(whole.type) else whole
        columns[key] = np.swapaxes(values.to_numpy(zero_copy_only=False).reshape(lanes, steps, *tail), 0, 1)
    for name, expected in (("lane", np.arange(lanes)[None, :]), ("step", np.arange(steps)[:, None])):
        if not (columns.pop(name) == expected).all():
            raise PalaestraError(f"the rows are not in order: column {name!r} must run lane by lane, step by step.")
    return header, columns


def read_npz(path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """Header and columns (steps, lanes, ...)."""
    import zipfile

    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
            raise PalaestraError(f"unpacked it is larger than {MOST_BYTES} bytes.")
        names = [name.removesuffix(".npy") for name in archive.namelist()]
    if len(set(names)) != len(names) or any(name != "header" and not name.startswith("column:") for name in names):
        raise PalaestraError(f"an entry is there twice, or is neither the header nor a column: {sorted(names)[:20]}.")
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as stream:
                _check_promise(stream, entry.filename, entry.file_size)
    with np.load(path, allow_pickle=False) as data:
        header = _checked_header(data["header"].tobytes())
        return header, {key.partition(":")[2]: data[key] for key in data.files if key.startswith("column:")}


def _check_promise(stream: IO[bytes], name: str, size: int) -> None:
    """Refuse an array that promises more numbers than its entry holds, before memory is taken for them."""
    read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    shape, _, dtype = read[np.lib.format.read_magic(stream)](stream)
    if dtype.hasobject or prod(shape) * dtype.itemsize > size:
        raise PalaestraError(f"entry {name!r} promises {dtype} of shape {shape} in {size} bytes.")


def _checked_header(text: bytes) -> dict[str, Any]:
    header = json.loads(text)
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise PalaestraError("its header is not of trace format 1; it was written by another version.")
    kinds = {
        "env_id": str,
        "options": dict,
        "seeds": list,
        "agents": list,
        "versions": dict,
        "players": int,
        "lengths": list,
        "steps": int,
        "digest": str,
    }
    for key, kind in kinds.items():
        if not isinstance(header.get(key), kind):
            raise PalaestraError(f"its header lacks {key!r} ({kind.__name__}).")
    if unknown := header.keys() - kinds.keys() - {"format"}:
        raise PalaestraError(f"its header has unknown fields {sorted(unknown)}.")
    lanes = len(header["seeds"])
    if not (0 < lanes == len(header["lengths"]) and header["steps"] > 0 and 0 < header["players"] < 10_000):
        raise PalaestraError("its header has impossible counts of lanes, steps or players.")
    if not all(isinstance(n, int) and 0 <= n <= header["steps"] for n in header["lengths"]):
        raise PalaestraError("its header has lengths that are not between 0 and the steps.")
    if not all(isinstance(s, str) and s.isascii() and s.isdigit() and int(s) < 1 << 64 for s in header["seeds"]):
        raise PalaestraError("its header has seeds that are not integers from 0 to 2**64 - 1, written as text.")
    if len(header["agents"]) != header["players"] or not all(isinstance(name, str) for name in header["agents"]):
        raise PalaestraError("its header does not name one agent a player.")
    return header
