"""Pairwise preferences: win rate, Condorcet winner, proportionality, and the tally of a profile."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.arrays import Array, ordered_sum


def win_rate(policy: Array, preference: Array) -> Array:
    """How often an option drawn from the policy is preferred to a uniformly random one: sum_i pi(i) mean_j P(i > j).

    The mean is over all M options, with P(i > i) = 1/2. arXiv 2506.05619 does not state the opponent; the uniform one
    is our choice.

    Args:
        policy: pi, (..., M), floats or fractions.
        preference: P, (..., M, M).
    """
    return ordered_sum(policy * ordered_sum(preference)) / policy.shape[-1]


def condorcet_winner(preference: Array) -> Array:
    """int64 (...): the option i with P(i > j) > P(j > i) for all other j, or -1 where there is none.

    Args:
        preference: P, (..., M, M), floats or fractions.
    """
    own = np.eye(preference.shape[-1], dtype=bool)
    beats = ((preference > np.swapaxes(preference, -1, -2)) | own).all(-1)
    found: Array = np.where(beats.any(-1), beats.argmax(-1), -1)
    return found


def proportionality(policy: Array, shares: Array, xp: Any = np) -> Array:
    """The minimum of pi(y_k) / w_k over groups k with w_k > 0: alpha-proportionality of arXiv 2506.05619, axiom 3.

    It is at most 1, reached only by pi = w, and 0 where the option of some group is never chosen.

    Args:
        policy: pi, (..., M), floats or fractions.
        shares: w, (..., M).
        xp: Array namespace.
    """
    some = shares > 0
    ratio = policy / xp.where(some, shares, 1)
    return xp.min(xp.where(some, ratio, float("inf")), axis=-1)


def published_policy(weights: Array, xp: Any = np) -> Array:
    """Weights (..., M), nonnegative, divided by their sum; the uniform policy where all are 0."""
    total = ordered_sum(weights)[..., None]
    some = total > 0
    return xp.where(some, weights / xp.where(some, total, 1.0), 1.0 / weights.shape[-1])


def pair_tally(tops: Array, ranks: Array, xp: Any) -> Array:
    """Twice the weight of each group that prefers one option to another.

    Args:
        tops: (lanes, V, M), float64 whole numbers: how much of ranking v counts for the group of option k, which are
            the evaluators who rank k first.
        ranks: (lanes, V, M), int64: the rank of each option, smaller is better, equal means indifferent.
        xp: Array namespace.

    Returns:
        float64 (lanes, M, M, M) of whole numbers: [k, i, j] is twice the weight in group k that ranks i before j,
        plus the weight that ranks them level; so [k, i, i] is the group's weight. Whole numbers below 2**53 add up
        exactly in any order, so a matrix product is allowed here: a lane has the same bits by itself and in a batch.
    """
    by_group = xp.permute_dims(tops, (0, 2, 1))
    parts = []
    for i in range(ranks.shape[2]):
        own = ranks[:, :, i : i + 1]
        ahead = xp.astype(own < ranks, xp.float64) + xp.astype(own <= ranks, xp.float64)
        parts.append(xp.matmul(by_group, ahead))
    return xp.stack(parts, axis=2)
