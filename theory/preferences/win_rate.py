"""Win rate: how often what a policy picks is preferred to an option picked uniformly at random."""

from __future__ import annotations

from ...core.arrays import Array, ordered_sum


def win_rate(policy: Array, preference: Array) -> Array:
    """sum_i pi(i) mean_j P(i > j), the mean over all M options with P(i > i) = 1/2.

    The opponent in arXiv 2506.05619 is not stated; the uniform one is our choice.

    Args:
        policy: pi, (..., M), floats or fractions.
        preference: P, (..., M, M).
    """
    return ordered_sum(policy * ordered_sum(preference)) / policy.shape[-1]
