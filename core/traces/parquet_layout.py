"""How a trace's columns are stored in Parquet: descriptive names, the smallest integers, compact encodings.

A column is called `player_0.action`, with `[10]` behind it where a step holds 10 numbers (a list), `#3` where number 3
of them has a column of its own, and `*2^-16` where integers count 65536ths. Integers become int64 and float64 again
when they are read, to the bit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import PalaestraError

NAME = re.compile(
    r"(lane|step|check|player_\d{1,5}\.\w{1,100})(\[[\d, ]{1,40}\])?(#\d{1,6})?(\*2\^-(16|20|24))?", re.ASCII
)
SPLIT = 20_000
"""Rows from which float64 numbers on a grid are stored as integers, each number of a list in a column of its own:
neighbours in time are alike, but a column costs bytes."""

FEW = 256
"""Different values up to which a dictionary pays."""


@dataclass(frozen=True)
class Place:
    """What the name of a stored column says.

    Attributes:
        key: The trace's column.
        shape: Of one step's numbers.
        part: Which of them it holds, or None: all, as a list.
        bits: Its integers count units of 2^-bits; 0: plain numbers.
    """

    key: str
    shape: tuple[int, ...]
    part: int | None
    bits: int

    @property
    def numbers(self) -> int:
        """Numbers a row."""
        return prod(self.shape) if self.part is None else 1


@dataclass(frozen=True)
class Stored:
    """One column as it is written: its name, an array of Arrow, and its encoding ("" for a dictionary)."""

    name: str
    array: Any
    encoding: str


def place_of(name: str) -> Place:
    """What a stored column's name says.

    Raises:
        PalaestraError: No such name.
    """
    found = NAME.fullmatch(name)
    if found is None:
        raise PalaestraError(f"unknown columns [{name[:100]!r}].")
    key, shape, part, _, bits = found.groups()
    sizes = tuple(int(size) for size in shape[1:-1].split(",")) if shape else ()
    place = Place(key, sizes, int(part[1:]) if part else None, int(bits or 0))
    if prod(sizes) < 1 or prod(sizes) > 1 << 24 or (place.part is not None and place.part >= prod(sizes)):
        raise PalaestraError(f"column {name!r} has an impossible shape.")
    return place


def lay_out(key: str, values: Array) -> list[Stored]:
    """A trace's column (steps, lanes, ...) as it is written, lane by lane, step by step."""
    import pyarrow as pa

    shape = tuple(values.shape[2:])
    rows = np.ascontiguousarray(np.swapaxes(values, 0, 1)).reshape(values.shape[0] * values.shape[1], -1)
    rows, bits = _narrowed(rows)
    name = f"{key}{list(shape)}" if shape else key
    unit = f"*2^-{bits}" if bits else ""
    if rows.shape[1] > 1 and bits:
        columns = [np.ascontiguousarray(rows[:, i]) for i in range(rows.shape[1])]
        return [Stored(f"{name}#{i}{unit}", pa.array(one), _encoding(one)) for i, one in enumerate(columns)]
    array = pa.array(rows.reshape(-1))
    whole = pa.FixedSizeListArray.from_arrays(array, rows.shape[1]) if shape else array
    return [Stored(name + unit, whole, _encoding(rows.reshape(-1)))]


def _narrowed(rows: Array) -> tuple[Array, int]:
    """The smallest integers that hold the same numbers, and the bits behind their point."""
    if rows.dtype == np.float64 and len(rows) >= SPLIT:
        for bits in (16, 20, 24):
            if all(_on_grid(part, bits) for part in (rows[:64], rows)):
                return _smallest(np.rint(rows * 2.0**bits).astype(np.int64)), bits
        return rows, 0
    return (_smallest(rows), 0) if rows.dtype == np.int64 else (rows, 0)


def _on_grid(rows: Array, bits: int) -> bool:
    scaled = np.ascontiguousarray(rows) * 2.0**bits
    if not (np.abs(scaled) < 2.0**31).all():
        return False
    again = np.rint(scaled).astype(np.int64) * 2.0**-bits
    return bool((again.view(np.int64) == np.ascontiguousarray(rows).view(np.int64)).all())


def _smallest(rows: Array) -> Array:
    low, high = int(rows.min()), int(rows.max())
    kinds = (np.uint8, np.uint16, np.int32) if low >= 0 else (np.int8, np.int16, np.int32)
    fitting = [kind for kind in kinds if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max]
    return rows.astype(fitting[0]) if fitting else rows


def _encoding(values: Array) -> str:
    if len(np.unique(values[: 1 << 16])) <= FEW or values.dtype.kind == "b":
        return ""
    return "BYTE_STREAM_SPLIT" if values.dtype.kind == "f" else "DELTA_BINARY_PACKED"


def put_together(parts: Mapping[Place, Array], steps: int, lanes: int) -> dict[str, Array]:
    """The trace's columns (steps, lanes, ...) from what was read, a flat array a place.

    Raises:
        PalaestraError: A number that is missing or there twice.
    """
    columns: dict[str, Array] = {}
    seen: dict[str, list[Place]] = {}
    for place, flat in parts.items():
        values = flat if place.key == "check" else _widened(flat, place.bits)
        seen.setdefault(place.key, []).append(place)
        if place.part is None:
            columns[place.key] = np.swapaxes(values.reshape(lanes, steps, *place.shape), 0, 1)
            continue
        if place.key not in columns:
            columns[place.key] = np.empty((steps, lanes, prod(place.shape)), values.dtype)
        columns[place.key][:, :, place.part] = values.reshape(lanes, steps).T
    for key, places in seen.items():
        shape = places[0].shape
        wanted = [None] if places[0].part is None else list(range(prod(shape)))
        if any(place.shape != shape for place in places) or [place.part for place in places] != wanted:
            raise PalaestraError(f"column {key!r} misses numbers, or has some twice.")
        columns[key] = columns[key].reshape(steps, lanes, *shape)
    return columns


def _widened(values: Array, bits: int) -> Array:
    if bits:
        if values.dtype.kind not in "iu":
            raise PalaestraError(f"a column of integers holds {values.dtype}.")
        return values * 2.0**-bits
    return values.astype(np.int64) if values.dtype.kind in "iu" else values
