"""Threefry-2x64-20: the published vectors, a second implementation, avalanche, and no repeats among the numbers."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from palaestra.core.arrays import backend
from palaestra.core.errors import PalaestraError
from palaestra.core.randomness import LAST, Draw, LaneKeys, episode_keys, lane_keys, stream_constant
from palaestra.core.threefry import signed, threefry
from scipy import stats

HERE = backend()
MASK = (1 << 64) - 1
WORDS = st.integers(0, MASK)
LEVEL = 1e-4


def reference(key: tuple[int, int], counter: tuple[int, int]) -> tuple[int, int]:
    """Salmon et al. 2011, section 4.2, and Skein 1.3, section 3.3, on Python's integers."""
    words = (*key, key[0] ^ key[1] ^ 0x1BD11BDAA9FC1A22)
    x = [(counter[0] + words[0]) & MASK, (counter[1] + words[1]) & MASK]
    for k in range(20):
        turn = (16, 42, 12, 31, 16, 32, 24, 21)[k % 8]
        x[0] = (x[0] + x[1]) & MASK
        x[1] = ((x[1] << turn | x[1] >> (64 - turn)) & MASK) ^ x[0]
        if k % 4 == 3:
            n = k // 4 + 1
            x = [(x[0] + words[n % 3]) & MASK, (x[1] + words[(n + 1) % 3] + n) & MASK]
    return x[0], x[1]


def ours(key: tuple[int, int], counter: tuple[int, int], library: str = "numpy") -> tuple[int, int]:
    where = backend(library)
    first, second = (where.asarray([signed(word)], "int64") for word in key)
    numbers = threefry((first, second), counter[0] >> 32, signed(counter[1]), 2, where, counter[0] & LAST)
    low, high = (int(number) & MASK for number in numbers[0])
    return low, high


@pytest.mark.parametrize("library", ["numpy", "torch"])
@pytest.mark.parametrize(
    ("key", "counter", "numbers"),
    [
        ((0, 0), (0, 0), (0xC2B6E3A8C2C69865, 0x6F81ED42F350084D)),
        ((MASK, MASK), (MASK, MASK), (0xE02CB7C4D95D277A, 0xD06633D0893B8B68)),
        (
            (0xA4093822299F31D0, 0x082EFA98EC4E6C89),
            (0x243F6A8885A308D3, 0x13198A2E03707344),
            (0x263C7D30BB0F0AF1, 0x56BE8361D3311526),
        ),
    ],
)
def test_the_published_numbers_come_out(
    key: tuple[int, int], counter: tuple[int, int], numbers: tuple[int, int], library: str
) -> None:
    """The known answers of the authors' library Random123 (kat_vectors, threefry2x64, 20 rounds)."""
    assert ours(key, counter, library) == numbers
    assert reference(key, counter) == numbers


@given(st.tuples(WORDS, WORDS), st.tuples(WORDS, WORDS))
def test_a_second_implementation_gives_the_same_numbers(key: tuple[int, int], counter: tuple[int, int]) -> None:
    assert ours(key, counter) == reference(key, counter) == ours(key, counter, "torch")


@pytest.mark.parametrize(
    ("rows", "count"), [(1, 1), (1, 100_001), (3, 40_000), (100, 9), (20_000, 3), (40_000, 2), (5, 0)]
)
def test_every_row_and_number_is_a_call_of_its_own_whatever_pieces_they_are_made_in(rows: int, count: int) -> None:
    words = np.random.default_rng(rows).integers(-(2**63), 2**63, (3, rows))
    words[2] >>= 33
    whole = threefry((words[0], words[1]), words[2], 77, count, HERE)
    assert whole.shape == (rows, count)
    there = backend("torch")
    tensors = [there.asarray(word) for word in words]
    assert (threefry((tensors[0], tensors[1]), tensors[2], 77, count, there).numpy() == whole).all()
    for row in {0, rows // 2, rows - 1}:
        for number in {0, count // 2, count - 1} if count else ():
            counter = ((int(words[2, row]) << 32 | number // 2) & MASK, 77)
            key = int(words[0, row]) & MASK, int(words[1, row]) & MASK
            assert int(whole[row, number]) & MASK == reference(key, counter)[number % 2]


def test_a_draw_is_the_documented_call() -> None:
    """Number i of a step is word i mod 2 of (step + 1, i // 2, stream); two steps share a call for one number."""
    keys = episode_keys(lane_keys([5], HERE), 0)
    key = int(keys.first[0]) & MASK, int(keys.second[0]) & MASK
    stream = stream_constant("x") & MASK
    for step in (-1, 0, 1, 6):
        many, one = Draw(keys, step, HERE).bits("x", (7,))[0], Draw(keys, step, HERE).bits("x")[0]
        calls = [reference(key, ((step + 1) << 32 | pair, stream)) for pair in range(4)]
        assert [int(number) & MASK for number in many] == [word for call in calls for word in call][:7]
        assert int(one) & MASK == reference(key, ((step + 1) // 2 << 32 | LAST, stream))[(step + 1) % 2]


def _flipped(keys: LaneKeys, bit: int) -> LaneKeys:
    words = [keys.first.copy(), keys.second.copy()]
    words[bit // 64] ^= signed(1 << bit % 64)
    return LaneKeys(words[0], words[1], HERE)


def _lanes(n: int) -> LaneKeys:
    return lane_keys([(1 << 100) + k for k in range(n)], HERE)


CHANGES: dict[str, tuple[range, Callable[[int, int], Any]]] = {
    "a bit of the key": (range(128), lambda n, bit: Draw(_flipped(_lanes(n), bit), 3, HERE).bits("x", (4,))),
    "a bit of the step": (range(31), lambda n, bit: Draw(_lanes(n), (1 << bit) ^ 3, HERE).bits("x", (4,))),
    "a bit of the index": (
        range(2, 14),
        lambda n, bit: Draw(_lanes(n), 3, HERE).bits("x", (1 << 14,))[:, 1 << bit :][:, :4],
    ),
    "the episode": (range(1, 30), lambda n, k: Draw(episode_keys(_lanes(n), k), 3, HERE).bits("x", (4,))),
    "a letter of the stream": (range(26), lambda n, k: Draw(_lanes(n), 3, HERE).bits(chr(97 + k), (4,))),
    "a bit of the seed": (
        range(256),
        lambda n, bit: Draw(lane_keys([((1 << 100) + k) ^ (1 << bit) for k in range(n)], HERE), 3, HERE).bits(
            "x", (4,)
        ),
    ),
}
"""What is changed, and the numbers with the change, by bit."""


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_turns_every_bit_of_a_number_with_chance_one_half(change: str) -> None:
    """Each of the 64 bits of the numbers turns in half of the lanes, up to chance: z below 6 in at most 8,192 bits."""
    lanes, (places, changed) = 256 if change == "a bit of the index" else 1000, CHANGES[change]
    base = _lanes(lanes)
    before = Draw(episode_keys(base, 0) if change == "the episode" else base, 3, HERE).bits("x", (4,))
    trials = before.size
    for place in places:
        after = changed(lanes, place)
        if change == "a letter of the stream" and place == 23:
            assert (after == before).all(), "x is x"
            continue
        turned = (before ^ after).view(np.uint64).reshape(-1)
        ones = np.array([int(((turned >> np.uint64(k)) & np.uint64(1)).sum()) for k in range(64)])
        assert np.abs(2 * ones - trials).max() / trials**0.5 < 6.0, place


def test_no_number_comes_twice_among_lanes_episodes_steps_streams_and_indices() -> None:
    """2 million numbers of 64 bits: two are equal by chance with probability 1e-7."""
    numbers = []
    for episode in range(4):
        keys = episode_keys(lane_keys([*range(20), *((1 << bit) for bit in range(5, 256, 8))], HERE), episode)
        for step in range(-1, 31):
            for stream in ("x", "y", "x/y"):
                draw = Draw(keys, step, HERE)
                numbers += [draw.bits(stream, (99,)).reshape(-1), draw.bits(stream)]
    together = np.concatenate(numbers)
    assert len(together) > 1_900_000
    assert len(np.unique(together)) == len(together)


@pytest.mark.parametrize("difference", [np.subtract, np.bitwise_xor])
def test_differences_of_neighbours_tell_nothing(difference: Any) -> None:
    """Of the index, of the two words of a call, of the step, and of lanes whose keys differ by 1: uniform bytes."""
    keys = _lanes(20_000)
    near = LaneKeys(keys.first + 1, keys.second, HERE)
    base = Draw(keys, 3, HERE).bits("x", (4,))
    pairs = {
        "words of a call": (base[:, 0], base[:, 1]),
        "calls": (base[:, 0], base[:, 2]),
        "steps": (base[:, 0], Draw(keys, 4, HERE).bits("x", (4,))[:, 0]),
        "keys": (base[:, 0], Draw(near, 3, HERE).bits("x", (4,))[:, 0]),
    }
    for name, (one, other) in pairs.items():
        bits = difference(one.view(np.uint64), other.view(np.uint64))
        for shift in (0, 28, 56):
            counts = np.bincount(((bits >> np.uint64(shift)) & np.uint64(255)).astype(np.int64), minlength=256)
            assert stats.chisquare(counts).pvalue > LEVEL, (name, shift)


@pytest.mark.parametrize("step", [-2, 2**32 - 2])
def test_steps_that_the_counter_cannot_hold_are_refused(step: int) -> None:
    with pytest.raises(PalaestraError, match=f"Step {step} is not allowed"):
        Draw(_lanes(1), step, HERE)
