"""From 64 random bits to uniform, Gumbel, exponential and normal numbers: elementwise, so that lanes stay independent.

The arrays of bits that come in are written over.
"""

from __future__ import annotations

from collections.abc import Callable
from math import pi

import numpy as np

from .arrays import Array, Backend
from .threefry import signed

AT_ONCE = 1 << 15
"""Numbers that are worked through together: they stay in the processor's cache for all passes."""

_ONE, _BELOW_ONE = signed(1023 << 52), 1.0 - 2.0**-53


def _uniform(bits: Array, where: Backend, low: float = 0.0, high: float = 1.0) -> Array:
    """Odd multiples of 2**-53: the upper 52 bits become the digits of a number of [1, 2); exact. Writes over `bits`."""
    if where.name != "numpy":
        one = ((bits >> 12) & ((1 << 52) - 1)) | _ONE
        return _scaled(one.view(where.xp.float64) - _BELOW_ONE, low, high)
    if not (bits.flags.c_contiguous or bits.flags.f_contiguous):
        bits = np.ascontiguousarray(bits)
    flat = bits.ravel(order="K")
    for start in range(0, len(flat), AT_ONCE):  # a piece stays in the cache for all passes
        piece = flat[start : start + AT_ONCE]
        words, unit = piece.view(np.uint64), piece.view(np.float64)
        words >>= 12
        piece |= _ONE
        unit -= _BELOW_ONE
        _scaled(unit, low, high)
    return bits.view(np.float64)


def _scaled(unit: Array, low: float, high: float) -> Array:
    if (low, high) != (0.0, 1.0):
        unit *= high - low
        unit += low
    return unit


def _integers(bits: Array, where: Backend, high: float) -> Array:
    return where.xp.astype(where.xp.floor(_uniform(bits, where) * float(high)), where.xp.int64)


def _gumbel(bits: Array, where: Backend) -> Array:
    return -where.xp.log(_exponential(bits, where))


def _exponential(bits: Array, where: Backend) -> Array:
    return -where.xp.log(_uniform(bits, where))


def _normal(bits: Array, where: Backend) -> Array:
    xp, unit = where.xp, _uniform(bits, where)
    length, angle = xp.sqrt(-2.0 * xp.log(unit[..., 0])), 2.0 * pi * unit[..., 1]
    unit[..., 0], unit[..., 1] = length * xp.cos(angle), length * xp.sin(angle)
    return unit


def _plain(bits: Array, where: Backend) -> Array:
    return bits


DISTRIBUTIONS: dict[str, Callable[..., Array]] = {
    "bits": _plain,
    "uniform": _uniform,
    "integers": _integers,
    "gumbel": _gumbel,
    "exponential": _exponential,
    "normal": _normal,
}
"""Name -> what makes numbers of independent 64-bit integers, elementwise (normal: two of the last axis's two)."""
