"""Duels read off rankings: who was ahead of whom."""

from __future__ import annotations

import numpy as np

from ..core.arrays import Array


def duel_wins(ranking: Array, actions: int) -> Array:
    """Each pair of actions in a ranking as one duel.

    Args:
        ranking: int64 (lanes, K) action ids, best first; repeats allowed.
        actions: A.

    Returns:
        (lanes, A, A): `[:, i, j]` is the share of pairs of their occurrences with i ahead of j, 0 where there is no
        pair and on the diagonal; `[:, i, j] + [:, j, i]` is 1 where there is one.
    """
    occurs = (ranking[:, :, None] == np.arange(actions)).astype(np.int64)
    behind = np.cumsum(occurs[:, ::-1], axis=1)[:, ::-1]
    ahead = np.zeros((len(ranking), actions, actions), np.int64)
    for k in range(ranking.shape[1] - 1):
        ahead += occurs[:, k, :, None] * behind[:, k + 1, None, :]
    ahead[:, np.arange(actions), np.arange(actions)] = 0
    wins: Array = ahead / np.maximum(ahead + np.swapaxes(ahead, 1, 2), 1)
    return wins
