"""Counter-based randomness: a number depends on (seed of the lane, episode, step, stream, index) and nothing else.

Every number is the output of SplitMix64's finaliser (Steele, Lea, Flood: "Fast splittable pseudorandom number
generators", OOPSLA 2014; constants of Stafford's variant 13) applied to a Weyl sequence whose start is itself such an
output, one for each lane, step and stream. So no generator has a state: lane 7 of 4,096 draws what lane 7 alone draws,
and a step can be drawn again at any time. The arithmetic is on signed 64-bit integers that wrap, which numpy and torch
do alike to the bit; only Gumbel and normal numbers pass through logarithms and may differ in the last digit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import blake2b
from math import pi, prod

import numpy as np

from .arrays import Array, Backend, backend
from .errors import PalaestraError


def _signed(value: int) -> int:
    value &= 0xFFFFFFFFFFFFFFFF
    return value - (1 << 64) if value >> 63 else value


GOLDEN = _signed(0x9E3779B97F4A7C15)
_FIRST = _signed(0xBF58476D1CE4E5B9)
_SECOND = _signed(0x94D049BB133111EB)
_KEEP = {shift: (1 << (64 - shift)) - 1 for shift in (12, 27, 30, 31)}


def _unsigned_shift(bits: Array, shift: int) -> Array:
    if isinstance(bits, np.ndarray):  # numpy has the unsigned type whose shift this is; torch's cannot shift
        return (bits.view(np.uint64) >> shift).view(np.int64)
    shifted = bits >> shift
    shifted &= _KEEP[shift]
    return shifted


def mix(bits: Array) -> Array:
    """SplitMix64's finaliser, a bijection of the 64-bit integers, on an int64 array of at least one axis."""
    mixed = _unsigned_shift(bits, 30)
    mixed ^= bits
    mixed *= _FIRST
    mixed ^= _unsigned_shift(mixed, 27)
    mixed *= _SECOND
    mixed ^= _unsigned_shift(mixed, 31)
    return mixed


@lru_cache(maxsize=4096)
def stream_constant(stream: str) -> int:
    """The 64-bit number that stands for a stream's name."""
    return _signed(int.from_bytes(blake2b(stream.encode(), digest_size=8).digest(), "little"))


@lru_cache(maxsize=256)
def _weyl(where: Backend, count: int) -> Array:
    return (where.arange(count) + 1) * GOLDEN


def as_seeds(seeds: int | Iterable[int], lanes: int | None = None) -> tuple[int, ...]:
    """One seed a lane: an int s seeds lane i with s + i; an iterable seeds each lane with its own.

    Raises:
        PalaestraError: A seed that is not an integer of [0, 2**64), or a count that is not `lanes`.
    """
    if isinstance(seeds, (int, np.integer)):
        if lanes is None:
            raise PalaestraError("One seed alone does not say how many lanes there are; give a sequence of seeds.")
        found = tuple(int(seeds) + i for i in range(lanes))
    else:
        found = tuple(seeds)
    for seed in found:
        if not isinstance(seed, (int, np.integer)) or isinstance(seed, bool) or not 0 <= seed < 1 << 64:
            raise PalaestraError(f"The seed {seed!r} is not allowed. Seeds are integers from 0 to 2**64 - 1.")
    if lanes is not None and len(found) != lanes:
        raise PalaestraError(f"{len(found)} seeds were given for {lanes} lanes. Give one seed a lane, or one integer.")
    return tuple(int(seed) for seed in found)


def lane_keys(seeds: Iterable[int], where: Backend, purpose: str = "world") -> Array:
    """One int64 key a lane from its seed. Keys for different purposes ("world", an agent's seat) are unrelated."""
    keys = where.asarray([_signed(seed) for seed in seeds], "int64")
    return mix(mix(keys + GOLDEN) + stream_constant(purpose))


def derive_seeds(seeds: Iterable[int], purpose: str) -> tuple[int, ...]:
    """Seeds for somebody else, one a lane, unrelated to the world's own numbers."""
    return tuple(int(key) & 0xFFFFFFFFFFFFFFFF for key in lane_keys(seeds, backend(), purpose))


class Draw:
    """The random numbers of one step, by stream name.

    Args:
        keys: int64 array (lanes,), one key a lane; or a function that gives them, called when the first number is
            drawn, since many steps draw none.
        step: The step within the episode: an integer, or an int64 array (lanes,) where lanes are at different steps.
        where: Backend of the keys.
        lanes: How many lanes there are; needed where `keys` is a function.
    """

    __slots__ = ("_keys", "lanes", "step", "where")

    def __init__(
        self, keys: Array | Callable[[], Array], step: int | Array, where: Backend, lanes: int | None = None
    ) -> None:
        self._keys = keys
        self.step = step
        self.where = where
        self.lanes: int = len(self.keys) if lanes is None else lanes

    @property
    def keys(self) -> Array:
        """One int64 key a lane."""
        if callable(self._keys):
            self._keys = self._keys()
        return self._keys

    def bits(self, stream: str, shape: tuple[int, ...] = ()) -> Array:
        """Independent 64-bit integers of shape (lanes, *shape) as int64."""
        step = _signed((self.step + 1) * GOLDEN) if isinstance(self.step, int) else (self.step + 1) * GOLDEN
        lane = mix((self.keys + step) ^ stream_constant(stream))
        count = prod(shape)
        if not shape:
            return mix(lane + GOLDEN)
        return mix(lane[:, None] + _weyl(self.where, count)[None, :]).reshape((lane.shape[0], *shape))

    def uniform(self, stream: str, shape: tuple[int, ...] = (), low: float = 0.0, high: float = 1.0) -> Array:
        """Float64 uniform on the open interval (low, high), a multiple of 2**-53 away from both ends before scaling."""
        xp = self.where.xp
        unit = xp.astype(_unsigned_shift(self.bits(stream, shape), 12), xp.float64)
        unit += 0.5
        unit *= 2.0**-52
        return unit if (low, high) == (0.0, 1.0) else low + (high - low) * unit

    def integers(self, stream: str, high: int, shape: tuple[int, ...] = ()) -> Array:
        """int64 uniform on {0, ..., high - 1}; off exact uniformity by at most high * 2**-52."""
        scaled = self.uniform(stream, shape) * float(high)
        return self.where.xp.astype(self.where.xp.floor(scaled), self.where.xp.int64)

    def gumbel(self, stream: str, shape: tuple[int, ...] = ()) -> Array:
        """Standard Gumbel numbers: adding them to log-weights and sorting samples Plackett-Luce."""
        xp = self.where.xp
        return -xp.log(-xp.log(self.uniform(stream, shape)))

    def exponential(self, stream: str, shape: tuple[int, ...] = ()) -> Array:
        """Exponential numbers of mean 1."""
        return -self.where.xp.log(self.uniform(stream, shape))

    def normal(self, stream: str, shape: tuple[int, ...] = ()) -> Array:
        """Standard normal numbers (Box and Muller 1958)."""
        xp = self.where.xp
        pair = self.uniform(stream, (*shape, 2))
        return xp.sqrt(-2.0 * xp.log(pair[..., 0])) * xp.cos(2.0 * pi * pair[..., 1])


def episode_keys(keys: Array, episode: int | Array) -> Array:
    """The keys of the lanes' `episode`-th episode since they were seeded."""
    return mix(keys + (_signed((episode + 1) * GOLDEN) if isinstance(episode, int) else (episode + 1) * GOLDEN))
