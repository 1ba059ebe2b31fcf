"""Copeland (1951): the option that wins most duels by majority."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from .level_best import level_best


def copeland_policy(preference: Array) -> Array:
    """All probability on the options with most majority wins, a drawn duel counting half, alike among equals.

    Args:
        preference: P, (..., M, M), floats or fractions. Only P(i > j) against P(j > i) matters.
    """
    other = np.swapaxes(preference, -1, -2)
    wins = (preference > other).astype(np.float64) + (preference >= other)
    return level_best(ordered_sum(wins))
