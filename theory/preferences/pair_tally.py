"""Counting a profile once, so that all that follows needs no rankings: who prefers what to what, by group."""

from __future__ import annotations

from typing import Any

from ...core.arrays import Array


def pair_tally(tops: Array, ranks: Array, xp: Any) -> Array:
    """Twice the weight of each group that prefers one option to another.

    Args:
        tops: (lanes, V, M), float64 whole numbers: how much of ranking v counts for the group of option k, which is
            the group of those who rank k first.
        ranks: (lanes, V, M), int64: the rank of each option, smaller is better, equal is indifferent.
        xp: Array namespace.

    Returns:
        float64 (lanes, M, M, M) of whole numbers: [k, i, j] is twice the weight in group k with i before j, once
        with i level with j; so [k, i, i] is the group's weight. Whole numbers below 2**53 add up exactly in any order,
        which is why a matrix product is allowed here: a lane has the same bits alone and in a batch.
    """
    by_group = xp.permute_dims(tops, (0, 2, 1))
    parts = []
    for i in range(ranks.shape[2]):
        own = ranks[:, :, i : i + 1]
        ahead = xp.astype(own < ranks, xp.float64) + xp.astype(own <= ranks, xp.float64)
        parts.append(xp.matmul(by_group, ahead))
    return xp.stack(parts, axis=2)
