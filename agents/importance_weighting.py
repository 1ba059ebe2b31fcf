"""Unbiased estimates of all actions' utilities from those of a few."""

from __future__ import annotations

import numpy as np

from ..core.arrays import Array, ordered_sum


def importance_weighted(actions: Array, utilities: Array, strategy: Array) -> Array:
    """(1 / K) sum_k 1{a_k = a} u_k / pi(a): for independent draws its mean is u(a) wherever pi(a) > 0.

    Args:
        actions: int64 (lanes, K), drawn from `strategy`.
        utilities: (lanes, K), of these.
        strategy: pi, (lanes, A).

    Returns:
        (lanes, A).
    """
    weighted = utilities / np.take_along_axis(strategy, actions, 1)
    hits = actions[:, :, None] == np.arange(strategy.shape[1])
    return ordered_sum(hits * weighted[:, :, None], 1) / actions.shape[1]
