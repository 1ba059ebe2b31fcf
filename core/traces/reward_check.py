"""One byte per step and lane that shows whether rewards are as claimed, however many players there are.

Rewards need not be stored: a replay makes them again. Stored they say at which step a replay first differs, and for
that a byte is enough. Who tampers can make it anew, as it could make rewards anew; scores are what is verified.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import Array

QUANTA = 2.0**20
"""Quanta of a reward of 1. Differences of less than half a quantum are let pass."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def reward_check(rewards: Sequence[Array]) -> Array:
    """A byte that changes with any player's reward, but for one change in 256.

    1. Rewards are added with weights 1, 1.618, 2.236, ..., so that payments between players do not cancel.
    2. The sum is counted in quanta, rounded down.
    3. The byte is the highest of that count times 2^64 / golden ratio, which moves when the count moves by one.

    Args:
        rewards: One float64 array (...) a player.

    Returns:
        uint8 (...).
    """
    return _byte(np.floor(_total(rewards)))


def differs(check: Array, rewards: Sequence[Array]) -> Array:
    """Where a check is not that of rewards that differ by less than half a quantum: boolean (...)."""
    total = _total(rewards)
    return (check != _byte(np.floor(total - 0.5))) & (check != _byte(np.floor(total + 0.5)))


def _total(rewards: Sequence[Array]) -> Array:
    total = rewards[0] * QUANTA
    for i, reward in enumerate(rewards[1:], 1):
        total = total + reward * (QUANTA * (1 + 0.6180339887498949 * i))
    return np.fmod(total, 2.0**53)


def _byte(count: Array) -> Array:
    return ((count.astype(np.int64).view(np.uint64) * _GOLDEN) >> np.uint64(56)).astype(np.uint8)
