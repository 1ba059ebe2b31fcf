"""A seed that an agent is handed, and numbers that it sees, do not lead to the world's seed.

An agent that had the world's seed would play the same world ahead and be an oracle. "previous" is how earlier versions
derived agents' seeds, by bijections; "weakened" enciphers the world's seed with a key that everybody knows. From both
the thief gets the seed in one try. From the present seeds it does not in thousands, unless the world's seed is small.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.benchmarks import previous_mixing
from palaestra.core.agent import Agent
from palaestra.core.arrays import backend
from palaestra.core.randomness import Draw, derive_seeds, episode_keys, lane_keys, stream_constant
from palaestra.tests.support.inverses import MASK, backwards, rounds, unmixed

SECRETS = [int.from_bytes(np.random.default_rng([12, k]).bytes(16), "little") for k in range(24)]
"""Seeds of 128 random bits, as a board draws them."""

OPTIONS: dict[str, Any] = {"horizon": 30, "anonymous": True}


class Thief(Agent):
    """Tries to get the world's seed from the one it is handed; then it plays the same world ahead, as an oracle."""

    def __init__(self, recover: Callable[[int], Iterable[int]], derive: Callable[..., tuple[int, ...]]) -> None:
        self.recover, self.derive = recover, derive
        self.found: list[int] = []

    def reset(self, task: Any, lanes: int, seed: Sequence[int]) -> None:
        self.proposals, self.lanes, purpose = task.public["proposals"], lanes, f"agent/player_{task.player}"
        self.found = []
        for own in seed:
            tries = list(self.recover(own))
            self.found += [one for one, its in zip(tries, self.derive(tries, purpose), strict=True) if its == own][:1]
        if len(self.found) == lanes:
            self.ahead = palaestra.make_batch("ModelRouting-v0", lanes, reveal="next", **OPTIONS)
            (self.seen,) = self.ahead.reset(self.found)

    def act(self, observation: Any) -> Any:
        if len(self.found) < self.lanes:
            return np.zeros((self.lanes, self.proposals), np.int64)
        action = np.repeat(np.asarray(self.seen["best"])[:, None], self.proposals, axis=1)
        self.seen = self.ahead.step((action,)).observations[0]
        return action


def _unmixed_seed(own: int) -> list[int]:
    purpose = np.uint64(stream_constant("agent/player_0") & MASK)
    golden = np.uint64(previous_mixing.GOLDEN & MASK)
    key = unmixed(unmixed(np.array([own & MASK], np.uint64)) - purpose) - golden
    return [int(key[0])]


def under_a_public_key(seeds: Iterable[int], purpose: str) -> tuple[int, ...]:
    """In place of `derive_seeds`: the world's seed, enciphered with rounds that anybody can run backwards."""
    words = [rounds(np.array([seed & MASK], np.uint64), np.array([seed >> 64], np.uint64)) for seed in seeds]
    return tuple(int(low[0]) | int(high[0]) << 64 for low, high in words)


def _deciphered_seed(own: int) -> list[int]:
    low, high = backwards(np.array([own & MASK], np.uint64), np.array([own >> 64], np.uint64))
    return [int(low[0]) | int(high[0]) << 64]


def _whatever_may_be(own: int) -> list[int]:
    """What undoes the other constructions, and more than a thousand seeds that are small or near the agent's own."""
    return [*_unmixed_seed(own), *_deciphered_seed(own), own, *(own ^ k for k in range(1, 2000)), *range(2000)]


DERIVED: dict[str, tuple[Any, Any, Sequence[int], bool]] = {
    "previous": (previous_mixing.derive_seeds, _unmixed_seed, [seed & MASK for seed in SECRETS], True),
    "weakened": (under_a_public_key, _deciphered_seed, SECRETS, True),
    "present": (derive_seeds, _whatever_may_be, SECRETS, False),
    "present, but small seeds": (derive_seeds, _whatever_may_be, range(1000, 1024), True),
}
"""How agents' seeds are derived, what the thief tries, the world's seeds, and whether the thief wins. Small seeds are
found by trying them, which nothing can prevent: boards draw 128 bits."""


@pytest.mark.parametrize("name", DERIVED)
def test_an_agent_is_an_oracle_only_where_its_seed_can_be_undone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    derive, recover, seeds, wins = DERIVED[name]
    monkeypatch.setattr("palaestra.core.arena.derive_seeds", derive)
    thief = Thief(recover, derive)
    stolen = palaestra.run("ModelRouting-v0", thief, seeds, options=OPTIONS)
    oracle = palaestra.run("ModelRouting-v0", "RoutingOracle", seeds, options=OPTIONS)
    same = float((stolen.actions[0] == oracle.actions[0]).mean())
    assert same == 1.0 if wins else same < 0.5


@pytest.mark.parametrize(("seed", "found"), [(777, True), (SECRETS[0], False)])
def test_seeds_are_found_by_trying_them_only_where_they_are_small(seed: int, found: bool) -> None:
    """1,024 tries find a seed of 10 bits from one visible number; a thousand times as many do not find one of 128."""
    here = backend()

    def seen(seeds: Iterable[int]) -> Any:
        return Draw(episode_keys(lane_keys(seeds, here), 0), 0, here).uniform("prices", (1,))[:, 0]

    tries = range(1 << 10) if found else range(1 << 20)
    matching = np.flatnonzero(seen(tries) == seen([seed])[0])
    assert matching.tolist() == ([seed] if found else [])
