"""The random numbers of earlier versions, to compare with: fast, uniform, and no secret to whoever sees two of them.

SplitMix64's finaliser over a Weyl sequence. Every step is a bijection of 64 bits that anybody can invert: a number
leads back to the key of its lane, and an agent's seed to the world's. Kept for `benchmarks/randomness.py` and for the
tests that recover keys from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import Any

import numpy as np
from palaestra.core.arrays import Array, Backend, backend
from palaestra.core.randomness import stream_constant
from palaestra.core.threefry import signed

GOLDEN = signed(0x9E3779B97F4A7C15)
FIRST, SECOND = signed(0xBF58476D1CE4E5B9), signed(0x94D049BB133111EB)


def _shifted(bits: Array, shift: int) -> Array:
    return (bits.view(np.uint64) >> shift).view(np.int64)


def mix(bits: Array) -> Array:
    """SplitMix64's finaliser on an int64 array."""
    mixed = _shifted(bits, 30)
    mixed ^= bits
    mixed *= FIRST
    mixed ^= _shifted(mixed, 27)
    mixed *= SECOND
    mixed ^= _shifted(mixed, 31)
    return mixed


def lane_keys(seeds: Iterable[int], where: Backend | None = None, purpose: str = "world") -> Array:
    """One int64 key a lane."""
    keys = np.array([signed(seed) for seed in seeds], np.int64)
    return mix(mix(keys + GOLDEN) + stream_constant(purpose))


def episode_keys(keys: Array, episode: int) -> Array:
    """The keys of the lanes' `episode`-th episode."""
    return mix(keys + signed((episode + 1) * GOLDEN))


def derive_seeds(seeds: Iterable[int], purpose: str) -> tuple[int, ...]:
    """An agent's seeds."""
    return tuple(int(key) & 0xFFFFFFFFFFFFFFFF for key in lane_keys(seeds, purpose=purpose))


class Draw:
    """The numbers of one step: as much of the present `Draw` as is compared."""

    def __init__(self, keys: Any, step: Any, where: Backend | None = None, lanes: int | None = None) -> None:
        self.given, self.step, self.where, self.count = keys, step, where or backend(), lanes

    @property
    def keys(self) -> Array:
        """One int64 key a lane."""
        return self.given() if callable(self.given) else self.given

    @property
    def lanes(self) -> int:
        """How many lanes there are."""
        return len(self.keys) if self.count is None else self.count

    def bits(self, stream: str, shape: tuple[int, ...] = ()) -> Array:
        """Int64 (lanes, *shape)."""
        step = signed((self.step + 1) * GOLDEN) if isinstance(self.step, int) else (self.step + 1) * GOLDEN
        lane = mix((self.keys + step) ^ stream_constant(stream))
        if not shape:
            return mix(lane + GOLDEN)
        weyl = (np.arange(prod(shape)) + 1) * GOLDEN
        return mix(lane[:, None] + weyl[None, :]).reshape((lane.shape[0], *shape))

    def uniform(self, stream: str, shape: tuple[int, ...] = (), low: float = 0.0, high: float = 1.0) -> Array:
        """Float64 uniform on the open interval (low, high)."""
        unit = _shifted(self.bits(stream, shape), 12).astype(np.float64)
        unit += 0.5
        unit *= 2.0**-52
        return unit if (low, high) == (0.0, 1.0) else low + (high - low) * unit
