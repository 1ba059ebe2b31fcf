"""Threefry-2x64 with 20 rounds on whole arrays: the keyed function behind every random number.

Source: Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 4.2; it is the
block cipher Threefish (Ferguson et al., "The Skein hash function family", 2010) with two words and no tweak. A key of
128 bits turns a counter of 128 bits into two numbers of 64 bits:

1. Add the key to the counter.
2. Twenty times: x0 += x1; x1 = rotate(x1) ^ x0.
3. After every fourth round add the key again, its words in turn, the third word being their parity; and the number of
   the addition.

Words are int64 that wrap, which numpy and torch add, shift and combine alike to the bit; rows are worked through in
pieces that stay in the processor's cache.

Cost, a pair of numbers: 20 additions, 20 rotations (two shifts and an or each), 20 exclusive ors, 12 additions of the
key, so 112 operations on 64-bit words, 56 a number; 8 bytes a number are written. Nothing is read but the keys.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from .arrays import Array, Backend

ROUNDS = 20
ROTATIONS = (16, 42, 12, 31, 16, 32, 24, 21)
PARITY = 0x1BD11BDAA9FC1A22

PAIRS_AT_ONCE = 1 << 14
"""Pairs of numbers of one piece: three arrays of 128 KiB."""


def signed(value: int) -> int:
    """The int64 with the bits of `value` modulo 2**64."""
    value &= 0xFFFFFFFFFFFFFFFF
    return value - (1 << 64) if value >> 63 else value


@dataclass(frozen=True)
class _Arithmetic:
    """The operations of one library, called as f(x, y) or f(x, y, out=z), and the constants in its types."""

    add: Callable[..., Array]
    xor: Callable[..., Array]
    either: Callable[..., Array]
    left: Callable[..., Array]
    right: Callable[..., Array]
    constant: Callable[[int], Any]
    shifts: tuple[tuple[Any, Any], ...]
    counts: tuple[Any, ...]


@lru_cache(maxsize=2)
def _arithmetic(library: str) -> _Arithmetic:
    counts = range(ROUNDS // 4 + 1)
    if library == "numpy":  # uint64: the right shift of int64 would keep the sign
        shifts = tuple((_unsigned(r), _unsigned(64 - r)) for r in ROTATIONS)
        return _Arithmetic(
            np.add,
            np.bitwise_xor,
            np.bitwise_or,
            np.left_shift,
            np.right_shift,
            _unsigned,
            shifts,
            tuple(map(_unsigned, counts)),
        )
    import torch

    def right(x: Any, shift: int, out: Any = None) -> Any:
        shifted = torch.bitwise_right_shift(x, shift, out=out)
        return torch.bitwise_and(shifted, (1 << (64 - shift)) - 1, out=shifted)

    return _Arithmetic(
        torch.add,
        torch.bitwise_xor,
        torch.bitwise_or,
        torch.bitwise_left_shift,
        right,
        signed,
        tuple((r, 64 - r) for r in ROTATIONS),
        tuple(counts),
    )


def _unsigned(value: int) -> Any:
    """As an array of no axis: a Python integer would be converted at every call."""
    return np.array(value & 0xFFFFFFFFFFFFFFFF, np.uint64)


def threefry(
    key: tuple[Array, Array], position: int | Array, stream: int, count: int, where: Backend, pair: int = 0
) -> Array:
    """The numbers 0 to count - 1 of every row: numbers 2i and 2i + 1 are the two words of one call.

    Args:
        key: Its two words, int64 (rows,) each.
        position: The upper 32 bits of the counter's first word: an integer, or int64 (rows,); taken modulo 2**32.
        stream: The counter's second word.
        count: Numbers of a row.
        where: Backend.
        pair: The lower 32 bits of the counter's first word, for the first pair of numbers; later pairs count on.

    Returns:
        int64 (rows, count); where count is 2, each of the two columns is contiguous.
    """
    do, rows, pairs = _arithmetic(where.name), len(key[0]), (count + 1) // 2
    turned = count == 2  # two columns are read one by one
    out = where.xp.empty((count, rows) if turned else (rows, count), dtype=where.xp.int64, device=where.device)
    out = out.T if turned else out
    start = where.arange(pairs) + pair
    at: Any = do.constant(position << 32) if isinstance(position, int) else position << 32
    first, second, at, start, whole = (_as_words(array) for array in (*key, at, start, out))
    wide = max(1, min(pairs, PAIRS_AT_ONCE))
    high = PAIRS_AT_ONCE // wide
    for top in range(0, rows, high):
        part = slice(top, top + high)
        for left in range(0, pairs, wide):
            numbers = whole[part, 2 * left : 2 * (left + wide)]
            own = at if isinstance(position, int) else at[part]
            _piece(do, (first[part], second[part]), own, do.constant(stream), start[left : left + wide], numbers)
    return out


def _as_words(array: Any) -> Any:
    return array.view(np.uint64) if isinstance(array, np.ndarray) else array


def _piece(do: _Arithmetic, key: tuple[Array, Array], at: Any, stream: Any, start: Array, out: Array) -> None:
    """Write some rows' numbers of some pairs; the longer of the two axes runs fastest in memory."""
    tall = len(key[0]) >= len(start)
    words = [word[None, :] if tall else word[:, None] for word in (*key, do.xor(do.xor(*key), do.constant(PARITY)))]
    even, odd = (out[:, 0::2].T, out[:, 1::2].T) if tall else (out[:, 0::2], out[:, 1::2])
    # add the key; the first round, of which all but two operations are a row's
    second = do.add(words[1], stream)
    at_rows = at if not getattr(at, "ndim", 0) else at[None, :] if tall else at[:, None]
    first = do.add(do.add(words[0], second), at_rows)
    turned = do.either(do.left(second, do.shifts[0][0]), do.right(second, do.shifts[0][1]))
    x0 = do.add(first, start[:, None] if tall else start[None, :])
    x1 = do.xor(turned, x0)
    spare = do.add(x0, x1)
    for turn in range(1, ROUNDS):
        do.add(x0, x1, out=x0)
        do.left(x1, do.shifts[turn % 8][0], out=spare)
        do.right(x1, do.shifts[turn % 8][1], out=x1)
        do.either(x1, spare, out=x1)
        do.xor(x1, x0, out=x1)
        if turn % 4 == 3 and turn < ROUNDS - 1:
            n = (turn + 1) // 4
            do.add(x0, words[n % 3], out=x0)
            do.add(x1, do.add(words[(n + 1) % 3], do.counts[n]), out=x1)
    n = ROUNDS // 4
    do.add(x0, words[n % 3], out=even)
    kept = x1[: odd.shape[0], : odd.shape[1]]  # of an odd count of numbers the last is a first word
    do.add(kept, do.add(words[(n + 1) % 3], do.counts[n]), out=odd)
