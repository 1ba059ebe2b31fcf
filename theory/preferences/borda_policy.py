"""Borda: the option that beats a random other option most often."""

from __future__ import annotations

from ...core.arrays import Array, ordered_sum
from .level_best import level_best


def borda_policy(preference: Array) -> Array:
    """All probability on the options of the greatest sum_j P(i > j), alike among equals.

    This is what RLHF converges to without regularisation: under complete comparisons the maximum-likelihood
    Bradley-Terry rewards are ordered like Borda scores (arXiv 2506.05619, Proposition C.1).

    Args:
        preference: P, (..., M, M), floats or fractions.
    """
    return level_best(ordered_sum(preference))
