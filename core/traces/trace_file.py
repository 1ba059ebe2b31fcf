"""A trace's file: Parquet or npz, with a checked header and a digest of all contents.

Nothing in a file is executed: neither format is read in a mode that could, and sizes are compared with the header
before anything is unpacked.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Mapping
from hashlib import blake2b
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np

from ..arrays import Array
from ..errors import PalaestraError
from ..randomness import SEED_BITS
from ..unique_keys import unique_keys
from .parquet_layout import Place, Stored, lay_out, place_of, put_together
from .parquet_pages import check_pages

FORMAT = 3
"""Formats 1 and 2 hold plays with random numbers of older versions, which nothing can replay: they are refused."""

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
    """One row a lane and step, the header in the schema's metadata; see `core.traces.parquet_layout`."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = {
        "lane": np.repeat(np.arange(lanes, dtype=np.int32), steps),
        "step": np.tile(np.arange(steps, dtype=np.int32), lanes),
    }
    stored = [Stored(key, pa.array(values), "DELTA_BINARY_PACKED") for key, values in rows.items()]
    for key, values in columns.items():
        stored += lay_out(key, values)
    table = pa.Table.from_arrays([one.array for one in stored], names=[one.name for one in stored])
    leaves = {
        one.name: f"{one.name}.list.element" if pa.types.is_nested(one.array.type) else one.name for one in stored
    }
    pq.write_table(
        table.replace_schema_metadata({"palaestra": header}),
        path,
        compression="zstd",
        use_dictionary=[leaves[one.name] for one in stored if not one.encoding],
        column_encoding={leaves[one.name]: one.encoding for one in stored if one.encoding},
        write_statistics=False,
    )


def read_parquet(data: bytes | memoryview, most: int = MOST_BYTES) -> tuple[dict[str, Any], dict[str, Array]]:
    """Header and columns (steps, lanes, ...) of a file of at most `most` bytes, unpacked."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    counts = check_pages(memoryview(data), most // 8)
    limits = {"thrift_string_size_limit": 1 << 25, "thrift_container_size_limit": 1 << 20}
    file = pq.ParquetFile(pa.BufferReader(data), **limits)
    metadata = file.metadata.metadata or {}
    if b"palaestra" not in metadata:
        raise PalaestraError("this Parquet file is not a palaestra trace: its metadata lacks the key 'palaestra'.")
    _check_schema(file)
    header = _checked_header(metadata[b"palaestra"])
    lanes, steps = len(header["seeds"]), header["steps"]
    if file.metadata.num_rows != lanes * steps:
        raise PalaestraError(f"{file.metadata.num_rows} rows do not fit {lanes} lanes of {steps} steps.")
    names = file.schema_arrow.names
    if len(set(names)) != len(names):
        raise PalaestraError("a column appears twice.")
    places = [_checked_place(field) for field in file.schema_arrow]
    if 8 * lanes * steps * sum(place.numbers for place in places) > most:
        raise PalaestraError(f"{lanes} lanes of {steps} steps with these columns are larger than {most} bytes.")
    _check_counts(counts, [place.numbers for place in places], lanes * steps)
    table = file.read(use_threads=False)
    parts: dict[Place, Array] = {}
    for place, column in zip(places, table.columns, strict=True):
        if column.null_count:
            raise PalaestraError(f"column {place.key!r} has {column.null_count} missing values.")
        whole = column.combine_chunks()
        values = whole.flatten() if pa.types.is_fixed_size_list(whole.type) else whole
        if values.null_count or len(values) != lanes * steps * place.numbers:
            raise PalaestraError(f"column {place.key!r} has missing values.")
        parts[place] = values.to_numpy(zero_copy_only=False)
    columns = put_together(parts, steps, lanes)
    for name, expected in (("lane", np.arange(lanes)[None, :]), ("step", np.arange(steps)[:, None])):
        if name not in columns:
            raise PalaestraError(f"column {name!r} is not there.")
        if not (columns.pop(name) == expected).all():
            raise PalaestraError(f"the rows are not in order: column {name!r} must run lane by lane, step by step.")
    return header, columns


def _check_schema(file: Any) -> None:
    """Refuse metadata of columns, and another header in the copy of the schema that pyarrow writes beside the first."""
    import pyarrow as pa

    for field in file.schema_arrow:
        inner = (field.type.value_field,) if pa.types.is_fixed_size_list(field.type) else ()
        for one in (field, *inner):
            if one.metadata and one.metadata.keys() - {b"PARQUET:field_id"}:
                raise PalaestraError(f"column {field.name!r} has metadata of its own, which no trace needs.")
    raw = file.metadata.metadata
    if b"ARROW:schema" in raw:
        copy = pa.ipc.read_schema(pa.BufferReader(b64decode(raw[b"ARROW:schema"]))).metadata
        if copy and copy != {b"palaestra": raw[b"palaestra"]}:
            raise PalaestraError("it has a second header in its copy of the schema, which differs from the first.")


def _checked_place(field: Any) -> Place:
    """What a column's name says, if its type is a plain number or a list of as many as the name says."""
    import pyarrow as pa

    place, kind = place_of(field.name), field.type
    if place.part is None and place.shape:
        if not pa.types.is_fixed_size_list(kind) or kind.list_size != place.numbers:
            raise PalaestraError(f"column {field.name!r} is {kind}, not a list of {place.numbers} numbers.")
        kind = kind.value_type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)):
        raise PalaestraError(f"column {field.name!r} is of {kind}: a trace holds numbers.")
    return place


def _check_counts(groups: list[list[int]], numbers: list[int], rows: int) -> None:
    """Refuse groups of rows whose columns promise another count of numbers than their rows have."""
    if any(count < 0 or own != [count * each for each in numbers] for count, *own in groups):
        raise PalaestraError("a column promises another count of numbers than its rows have.")
    if sum(count for count, *_ in groups) != rows:
        raise PalaestraError(f"its groups of rows do not add up to {rows} rows.")


def read_npz(path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """Header and columns (steps, lanes, ...)."""
    import zipfile

    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
            raise PalaestraError(f"it is larger than {MOST_BYTES} bytes when unpacked.")
        names = [name.removesuffix(".npy") for name in archive.namelist()]
    if len(set(names)) != len(names) or any(name != "header" and not name.startswith("column:") for name in names):
        raise PalaestraError(f"an entry appears twice, or is neither the header nor a column: {sorted(names)[:20]}.")
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


def _is_seed(text: Any) -> bool:
    return isinstance(text, str) and re.fullmatch("[0-9]{1,78}", text) is not None and int(text) >> SEED_BITS == 0


def _checked_header(text: bytes) -> dict[str, Any]:
    header = json.loads(text, object_pairs_hook=unique_keys)
    if isinstance(header, dict) and type(header.get("format")) is int and 0 < header["format"] < FORMAT:
        raise PalaestraError(
            f"it has trace format {header['format']}: it was played with an older version's random numbers, which this "
            f"version (format {FORMAT}) cannot replay. Play it again, or replay it with the version that wrote it."
        )
    if not isinstance(header, dict) or type(header.get("format")) is not int or header["format"] != FORMAT:
        raise PalaestraError(f"its header is not of trace format {FORMAT}; it was written by another version.")
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
        raise PalaestraError(f"its header has unknown fields {sorted(unknown)[:20]}.")
    lanes = len(header["seeds"])
    if not (0 < lanes == len(header["lengths"]) and header["steps"] > 0 and 0 < header["players"] < 10_000):
        raise PalaestraError("its header has impossible counts of lanes, steps or players.")
    if not all(isinstance(n, int) and 0 <= n <= header["steps"] for n in header["lengths"]):
        raise PalaestraError("its header has lengths that are not between 0 and the steps.")
    if not all(map(_is_seed, header["seeds"])):
        raise PalaestraError(
            f"its header has seeds that are not integers from 0 to 2**{SEED_BITS} - 1, written as text."
        )
    if len(header["agents"]) != header["players"] or not all(isinstance(name, str) for name in header["agents"]):
        raise PalaestraError("its header does not name one agent per player.")
    return header


def bytes_of(path: Path) -> bytes:
    """The bytes of a file that is not larger than a trace may be."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise PalaestraError(f"it has {size} bytes; at most {MOST_BYTES} are read.")
    return path.read_bytes()


def check_ending(path: str | Path) -> Path:
    """The path, if a trace can be saved there: worth asking before a long run."""
    path = Path(path)
    if path.suffix not in (".npz", ".parquet"):
        raise PalaestraError(f"A trace is saved as .parquet or .npz, not as {path.name!r}.")
    return path


def canonical(values: Array) -> Array:
    """Integers as int64, whatever smaller type they came in."""
    return values.astype(np.int64) if values.dtype.kind in "iu" else values
