"""What a player has seen tells nothing of what it has not: programs that recover keys, run on three constructions.

"previous" is the mixing of earlier versions. "weakened" is the present construction where Threefry adds the key before
the rounds only, so that whoever holds both words of a call runs the rounds backwards. On both the programs succeed.
On the present construction they fail, with 4,096 times the tries that the previous mixing needed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.benchmarks import previous_mixing
from palaestra.core.arrays import backend
from palaestra.core.randomness import Draw, LaneKeys, episode_keys, lane_keys, stream_constant
from palaestra.core.threefry import signed
from palaestra.tests.support.inverses import MASK, backwards, rounds, unmixed

HERE = backend()
SHIFTED_OUT = 1 << 12
"""Values of the lower 12 bits of a number, which its float does not show: tries for one number of a lane."""

SECRETS = [int.from_bytes(np.random.default_rng([11, k]).bytes(16), "little") for k in range(24)]
"""Seeds of 128 random bits, as a board draws them."""


def key_added_before_the_rounds_only(
    key: tuple[Any, Any], position: Any, stream: int, count: int, where: Any, pair: int = 0
) -> Any:
    """In place of `threefry`: the same counter and the same rounds, but no later additions of the key."""
    first, second = (word.view(np.uint64)[:, None] for word in key)
    at = np.uint64((position << 32) & MASK) if isinstance(position, int) else (position << 32).view(np.uint64)[:, None]
    pairs = np.arange((count + 1) // 2, dtype=np.uint64) + np.uint64(pair)
    words = rounds(first + at + pairs, second + np.uint64(stream & MASK) + np.zeros_like(pairs))
    return np.stack(words, axis=2).reshape(len(first), -1)[:, :count].view(np.int64).copy()


# (b) From two visible numbers to the key.


def _hidden_bits(unit: float) -> Any:
    """All the numbers of 64 bits whose float is `unit`."""
    upper = int(unit * 2.0**52 - 0.5)
    return np.uint64(upper << 12) + np.arange(SHIFTED_OUT, dtype=np.uint64)


def keys_behind_the_mixing(seen: Sequence[float], stream: str, step: int) -> Any:
    """The lane's key behind numbers 0 and 1 of a stream, by inverting the mixing 4,096 times; or None."""
    golden = np.uint64(previous_mixing.GOLDEN & MASK)
    start = unmixed(_hidden_bits(seen[0])) - golden
    following = previous_mixing.mix((start + golden + golden).view(np.int64)).view(np.uint64)
    found = start[(following >> 12) == (_hidden_bits(seen[1])[0] >> 12)]
    if len(found) != 1:
        return None
    counted = np.uint64(((step + 1) * previous_mixing.GOLDEN) & MASK)
    return ((unmixed(found) ^ np.uint64(stream_constant(stream) & MASK)) - counted).view(np.int64)


def keys_behind_the_rounds(seen: Sequence[float], stream: str, step: int) -> Any:
    """The key behind numbers 0 to 3 of a stream, by 4,096 * 4,096 runs of the rounds backwards; or None."""
    first, second, third = _hidden_bits(seen[0]), _hidden_bits(seen[1]), _hidden_bits(seen[2])[0] >> 12
    for part in first.reshape(256, -1):
        x0, x1 = (word.reshape(-1) for word in backwards(part[:, None], second[None, :]))
        after, _ = rounds(x0 + np.uint64(1), x1)
        for found in np.flatnonzero((after >> 12) == third):
            counter = ((step + 1) << 32, stream_constant(stream))
            words = [signed(int(word[found]) - part) for word, part in zip((x0, x1), counter, strict=True)]
            return LaneKeys(np.array([words[0]]), np.array([words[1]]), HERE)
    return None


@dataclass(frozen=True)
class Construction:
    """What draws the world's numbers, and the program that recovers its keys.

    Attributes:
        world: Modules' names -> what stands there instead.
        drawn: Its `Draw`.
        keys: Seeds, episode -> keys of the episode.
        attack: Visible numbers, stream, step -> the lane's key or None.
        falls: Whether the attack succeeds.
    """

    world: dict[str, Any]
    drawn: Any
    keys: Callable[[Iterable[int], int], Any]
    attack: Callable[[Sequence[float], str, int], Any]
    falls: bool


def _present_keys(seeds: Iterable[int], episode: int) -> Any:
    return episode_keys(lane_keys(seeds, HERE), episode)


def _previous_keys(seeds: Iterable[int], episode: int) -> Any:
    return previous_mixing.episode_keys(previous_mixing.lane_keys([seed & MASK for seed in seeds]), episode)


def _previous_lanes(seeds: Iterable[int], where: Any) -> Any:
    return previous_mixing.lane_keys([seed & MASK for seed in seeds])


CONSTRUCTIONS = {
    "previous": Construction(
        {
            "palaestra.core.batch.lane_keys": _previous_lanes,
            "palaestra.core.batch.episode_keys": previous_mixing.episode_keys,
            "palaestra.core.batch.Draw": previous_mixing.Draw,
        },
        previous_mixing.Draw,
        _previous_keys,
        keys_behind_the_mixing,
        True,
    ),
    "weakened": Construction(
        {"palaestra.core.randomness.threefry": key_added_before_the_rounds_only},
        Draw,
        _present_keys,
        keys_behind_the_rounds,
        True,
    ),
    "present, rounds run backwards": Construction({}, Draw, _present_keys, keys_behind_the_rounds, False),
    "present, mixing inverted": Construction({}, Draw, _present_keys, keys_behind_the_mixing, False),
}


@pytest.fixture(params=CONSTRUCTIONS)
def construction(request: Any, monkeypatch: pytest.MonkeyPatch) -> Construction:
    """Each construction in turn, in the place of the present one."""
    found = CONSTRUCTIONS[request.param]
    for name, stands_in in found.world.items():
        monkeypatch.setattr(name, stands_in)
    return found


def test_the_weakened_variant_draws_uniform_numbers_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it lacks is secrecy: its numbers look like others, and the statistical tests do not see the difference."""
    monkeypatch.setattr("palaestra.core.randomness.threefry", key_added_before_the_rounds_only)
    units = Draw(_present_keys(range(2000), 0), 3, HERE).uniform("x", (16,))
    counts = np.histogram(units, 16, (0.0, 1.0))[0]
    assert abs(counts - 2000).max() < 5 * 2000**0.5


def test_the_hidden_cost_follows_from_the_prices_on_the_menu(construction: Construction) -> None:
    """DataAcquisition-v0 shows prices and hides costs. The attacker sees one lane's prices and knows the rules."""
    rules = palaestra.rules("DataAcquisition-v0", price=1.0)
    batch = palaestra.make_batch("DataAcquisition-v0", len(SECRETS), price=1.0)
    (seen,) = batch.reset(SECRETS)
    cheap = (seen["prices"][:, :3] < 1.0).all(axis=1)  # above 1 a float shows a bit less, which doubles the tries
    lane = int(np.flatnonzero(cheap)[0])
    found = construction.attack((seen["prices"][lane] - 0.5).tolist(), "prices", -1)
    assert (found is not None) == construction.falls
    if found is not None:
        rules.place(HERE)
        again = rules.start(construction.drawn(found, -1, HERE))
        assert (again.prices[0] == seen["prices"][lane]).all()
        assert (again.cost[0] == batch.state.cost[lane]).all()


HIDDEN: dict[str, Callable[[Any, Any], Any]] = {
    "the other player's payoffs": lambda drawn, keys: drawn(keys, 4, HERE).uniform("x", (8,))[:, 4:],
    "another stream": lambda drawn, keys: drawn(keys, 4, HERE).uniform("y", (8,)),
    "a step to come": lambda drawn, keys: drawn(keys, 5, HERE).uniform("x", (8,)),
    "a step that was": lambda drawn, keys: drawn(keys, -1, HERE).uniform("x", (8,)),
    "a single number": lambda drawn, keys: drawn(keys, 4, HERE).uniform("z"),
}


def test_numbers_that_are_seen_lead_to_none_that_are_hidden(construction: Construction) -> None:
    """A player sees its own payoffs (numbers 0 to 3); the rest is the other player's, or of other streams and steps."""
    keys = construction.keys(SECRETS[:1], 0)
    own = construction.drawn(keys, 4, HERE).uniform("x", (8,))[0, :4]
    found = construction.attack(own.tolist(), "x", 4)
    assert (found is not None) == construction.falls
    for what, hidden in HIDDEN.items():
        if found is not None:
            assert (hidden(construction.drawn, found) == hidden(construction.drawn, keys)).all(), what


def test_a_key_of_an_episode_does_not_lead_to_the_next_episode(construction: Construction) -> None:
    """Even who was told the episode's key: what leads back from it is the inverse of the previous mixing, or of the
    weakened rounds."""
    if construction.drawn is previous_mixing.Draw:
        golden = np.uint64(previous_mixing.GOLDEN & MASK)
        lane = (unmixed(construction.keys(SECRETS[:1], 0).view(np.uint64)) - golden).view(np.int64)
        following = previous_mixing.episode_keys(lane, 1)
        assert (following == construction.keys(SECRETS[:1], 1)).all()
        return
    this, following = (construction.keys(SECRETS[:1], episode) for episode in (0, 1))
    words = backwards(this.first.view(np.uint64), this.second.view(np.uint64))
    guess, _ = rounds(words[0] + np.uint64(1 << 32), words[1])  # the counter of episode 1 is greater by this
    assert (guess[0] == following.first.view(np.uint64)[0]) == construction.falls
