"""Counter-based randomness: a number depends on (seed of the lane, episode, step, stream, index) and nothing else.

Every number is a word of Threefry-2x64 with 20 rounds (`core.threefry`) under a key of 128 bits:

1. A lane's key is BLAKE2b of its seed and a purpose ("world", "contract").
2. An episode's key is Threefry of the episode's number under the lane's key, both words of one call.
3. Number i of a stream in a step is word i mod 2 of Threefry of (step + 1, i // 2, stream) under the episode's key. A
   stream of a single number a step (`shape=()`) shares a call between two steps: with n = step + 1, its number is word
   n mod 2 of Threefry of (n // 2, LAST, stream).

No generator has a state: lane 7 of 4,096 draws what it would draw alone, and a step can be drawn again at any time. The
integers are equal on numpy and torch to the bit; Gumbel, exponential and normal numbers pass through logarithms and may
differ in the last digit.

What is assumed: Threefry-2x64-20 under a random key is a pseudorandom function of its counter, and BLAKE2b is one-way.
Then numbers that are seen tell nothing of any other number (of whatever lane, episode, step, stream or index), nor of a
key or a seed; and an agent's own seed (`derive_seeds`) tells nothing of the world's. The counter holds the step and the
stream, so that every step and stream has a function of its own; another key for each would only double the cost.

What is claimed: with seeds of at least 128 random bits, an attack that sees at most 2**40 numbers of an episode costs
at least 2**64 evaluations of Threefry. The best attack that we know tries all keys: 2**128 evaluations for one lane,
2**128 / n for any one of n lanes. There is no proof, as for no cipher of this kind. Threefry-2x64 is Threefish, which
was examined for years as the core of the SHA-3 finalist Skein, with two words instead of four and 20 rounds instead of
72. We know of no published attack on it, but also of little published analysis of this small variant.

What does not hold: a seed with fewer random bits is found by trying them all; small seeds are for reproduction. Streams
are told apart by 64 bits of a hash of their names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import blake2b
from math import prod
from typing import Any

import numpy as np

from .arrays import Array, Backend
from .distributions import DISTRIBUTIONS
from .draw_ahead import Blocks, draw_ahead
from .errors import PalaestraError
from .threefry import signed, threefry

SEED_BITS = 256
"""Seeds are integers below 2**256."""

LAST = (1 << 32) - 1
"""The pair that a stream of one number a step has for itself: no array of numbers is so long."""


@lru_cache(maxsize=4096)
def stream_constant(stream: str, domain: bytes = b"stream") -> int:
    """The 64-bit number that stands for a stream's name."""
    digest = blake2b(stream.encode(), digest_size=8, person=b"palaestra " + domain).digest()
    return signed(int.from_bytes(digest, "little"))


_EPISODE = stream_constant("", b"key")


def as_seeds(seeds: int | Iterable[int], lanes: int | None = None) -> tuple[int, ...]:
    """One seed a lane: an int s seeds lane i with s + i; an iterable seeds each lane with its own.

    Raises:
        PalaestraError: A seed that is not an integer of [0, 2**256), or a count that is not `lanes`.
    """
    if isinstance(seeds, (int, np.integer)):
        if lanes is None:
            raise PalaestraError("One seed alone does not say how many lanes there are; give a sequence of seeds.")
        seeds = range(int(seeds), int(seeds) + lanes)
    found = tuple(seeds)
    for seed in (found[:1] + found[-1:]) if isinstance(seeds, range) else found:
        if not isinstance(seed, (int, np.integer)) or isinstance(seed, bool) or int(seed) >> SEED_BITS:
            raise PalaestraError(f"The seed {seed!r} is not allowed. Seeds are integers from 0 to 2**{SEED_BITS} - 1.")
    if lanes is not None and len(found) != lanes:
        raise PalaestraError(f"{len(found)} seeds were given for {lanes} lanes. Give one seed a lane, or one integer.")
    return tuple(map(int, found))


class LaneKeys:
    """A secret key of 128 bits for every lane.

    Args:
        first: int64 (lanes,): the key's first word.
        second: int64 (lanes,): its second word.
        where: Their backend.
    """

    __slots__ = ("blocks", "first", "second", "where")

    def __init__(self, first: Array, second: Array, where: Backend) -> None:
        self.first, self.second, self.where = first, second, where
        self.blocks = Blocks()
        """What was drawn ahead under these keys; nothing that could not be drawn again."""

    def __len__(self) -> int:
        """How many lanes there are."""
        return len(self.first)

    def __reduce__(self) -> tuple[Any, ...]:
        """Copied and pickled without what was drawn ahead."""
        return LaneKeys, (self.first, self.second, self.where)

    def repeated(self, times: int) -> LaneKeys:
        """The same lanes over and over: lane i of n becomes lanes i, n + i, 2n + i, ..."""
        first, second = (self.where.xp.tile(word, (times,)) for word in (self.first, self.second))
        return LaneKeys(first, second, self.where)

    def words(self, position: int | Array, stream: int, count: int, pair: int = 0) -> Array:
        """int64 (lanes, count) of Threefry under these keys; see `core.threefry`."""
        return threefry((self.first, self.second), position, stream, count, self.where, pair)


def _digests(seeds: Iterable[int], purpose: str, domain: bytes) -> list[bytes]:
    """16 bytes of BLAKE2b of purpose and seed, for every seed. Seeds take 32 bytes: no two pairs are one text."""
    named, digests = blake2b(purpose.encode(), digest_size=16, person=domain), []
    for seed in seeds:
        own = named.copy()
        own.update(int(seed).to_bytes(SEED_BITS // 8, "little"))
        digests.append(own.digest())
    return digests


def lane_keys(seeds: Iterable[int], where: Backend, purpose: str = "world") -> LaneKeys:
    """One key a lane from its seed. Keys for different purposes ("world", an agent's seat) are unrelated."""
    digests = b"".join(_digests(seeds, purpose, b"palaestra key"))
    words = np.frombuffer(digests, "<i8").astype(np.int64).reshape(-1, 2)
    first, second = (where.asarray(np.ascontiguousarray(words[:, i]), "int64") for i in (0, 1))
    return LaneKeys(first, second, where)


def derive_seeds(seeds: Iterable[int], purpose: str) -> tuple[int, ...]:
    """Seeds of 128 bits for somebody else, one a lane; they say nothing about the seeds they come from.

    128 bits, because what an agent draws must be as hard to predict for the other players as what the world draws.
    """
    return tuple(int.from_bytes(digest, "little") for digest in _digests(seeds, purpose, b"palaestra seed"))


def episode_keys(keys: LaneKeys, episode: int | Array) -> LaneKeys:
    """The keys of the lanes' `episode`-th episode since they were seeded."""
    words = keys.words(episode, _EPISODE, 2)
    return LaneKeys(words[:, 0], words[:, 1], keys.where)


class Draw:
    """The random numbers of one step, by stream name.

    Args:
        keys: One key a lane; or a function that gives them, called when the first number is drawn, since many steps
            draw none.
        step: The step within the episode, -1 for what is drawn before the first: an integer below 2**32 - 2, or an
            int64 array (lanes,) of such where lanes are at different steps.
        where: Backend of the keys.
        lanes: How many lanes there are; needed where `keys` is a function.

    Raises:
        PalaestraError: An integer step that is out of bounds.
    """

    __slots__ = ("_keys", "lanes", "step", "where")

    def __init__(
        self, keys: LaneKeys | Callable[[], LaneKeys], step: int | Array, where: Backend, lanes: int | None = None
    ) -> None:
        if isinstance(step, int) and not -1 <= step < LAST - 1:
            raise PalaestraError(f"Step {step} is not allowed: steps go from -1 to 2**32 - 3.")
        self._keys = keys
        self.step = step
        self.where = where
        self.lanes: int = len(self.keys) if lanes is None else lanes

    @property
    def keys(self) -> LaneKeys:
        """One key a lane."""
        if not isinstance(self._keys, LaneKeys):
            self._keys = self._keys()
        return self._keys

    def bits(self, stream: str, shape: tuple[int, ...] = ()) -> Array:
        """Independent 64-bit integers of shape (lanes, *shape) as int64."""
        return self.numbers("bits", stream, shape)

    def uniform(self, stream: str, shape: tuple[int, ...] = (), low: float = 0.0, high: float = 1.0) -> Array:
        """Float64 uniform on the open interval (low, high), a multiple of 2**-53 away from both ends before scaling."""
        return self.numbers("uniform", stream, shape, low, high)

    def integers(self, stream: str, high: int, shape: tuple[int, ...] = ()) -> Array:
        """int64 uniform on {0, ..., high - 1}; off exact uniformity by at most high * 2**-52."""
        return self.numbers("integers", stream, shape, high)

    def gumbel(self, stream: str, shape: tuple[int, ...] = ()) -> Array:
        """Standard Gumbel numbers: adding them to log-weights and sorting samples Plackett-Luce."""
        return self.numbers("gumbel", stream, shape)

    def exponential(self, stream: str, shape: tuple[int, ...] = ()) -> Array:
        """Exponential numbers of mean 1."""
        return self.numbers("exponential", stream, shape)

    def normal(self, stream: str, shape: tuple[int, ...] = ()) -> Array:
        """Standard normal numbers (Box and Muller 1958); numbers 2i and 2i + 1 are the two of one pair."""
        return self.numbers("normal", stream, shape)

    def numbers(self, law: str, stream: str, shape: tuple[int, ...], *bounds: float) -> Array:
        """Numbers of a distribution by its name; every other method calls this one.

        Where all lanes are at the same step they come from a block of steps that was drawn ahead, if that pays.
        """
        keys, step = self.keys, self.step
        wide = (prod(shape) // 2 + prod(shape) % 2, 2) if law == "normal" else shape

        def one() -> Array:
            return made(_bits(keys, step, stream, wide))

        def made(bits: Array) -> Array:
            found = DISTRIBUTIONS[law](bits, self.where, *bounds)
            return found if wide is shape else _in_pairs(found, shape)

        if not isinstance(step, int):
            return one()

        def several(steps: int) -> Array:
            return made(_bits_of_steps(keys, step, steps, stream, wide))

        least = 2 if wide == () and step % 2 else 1  # two steps share a call
        return draw_ahead(keys.blocks, (law, stream, shape, bounds), step, len(keys) * prod(wide), one, several, least)


def _in_pairs(values: Array, shape: tuple[int, ...]) -> Array:
    """Numbers (..., pairs, 2) as (..., *shape); of an odd count the last is left out."""
    *before, pairs, _ = values.shape
    return values.reshape((*before, 2 * pairs))[..., : prod(shape)].reshape((*before, *shape))


def _bits(keys: LaneKeys, step: int | Array, stream: str, shape: tuple[int, ...]) -> Array:
    position, constant, xp = step + 1, stream_constant(stream), keys.where.xp
    if shape:
        return keys.words(position, constant, prod(shape)).reshape((len(keys), *shape))
    words = keys.words(position >> 1, constant, 2, LAST)
    if isinstance(position, int):
        return words[:, position & 1]
    return xp.where((position & 1) == 1, words[:, 1], words[:, 0])


def _bits_of_steps(keys: LaneKeys, step: int, steps: int, stream: str, shape: tuple[int, ...]) -> Array:
    """What `_bits` gives in `steps` steps from `step` on: (steps, lanes, *shape)."""
    lanes, constant, where, position = len(keys), stream_constant(stream), keys.where, step + 1
    if not shape:
        first, calls = position >> 1, ((position + steps - 1) >> 1) - (position >> 1) + 1
        if calls == 1:
            return keys.words(first, constant, 2, LAST).T[position & 1 :][:steps]
        words = keys.repeated(calls).words(_counted(first, calls, lanes, where), constant, 2, LAST)
        in_turn = where.xp.permute_dims(words.reshape((calls, lanes, 2)), (0, 2, 1)).reshape((2 * calls, lanes))
        return in_turn[position & 1 :][:steps]
    words = keys.repeated(steps).words(_counted(position, steps, lanes, where), constant, prod(shape))
    return words.reshape((steps, lanes, *shape))


def _counted(first: int, count: int, lanes: int, where: Backend) -> Array:
    """`first` for every lane, then the next number for every lane, and so on."""
    return (where.arange(count)[:, None] + first + where.zeros((1, lanes), "int64")).reshape((count * lanes,))
