"""The greatest share of evaluators who may rank an option first, as far as pairwise comparisons can tell."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array


def greatest_shares(preference: Array) -> Array:
    """u_i = min over other options j of P(i > j): who ranks i first prefers it to each j, so no group is larger.

    Source: Kim, Zhang, Ozdaglar and Parrilo, arXiv 2506.05619 (ICLR 2026): u bounds the feasible population shares.

    Args:
        preference: P, (..., M, M), floats or fractions.

    Returns:
        (..., M).
    """
    own = np.eye(preference.shape[-1], dtype=bool)
    greatest: Array = np.where(own, preference * 0 + 2, preference).min(-1)
    return greatest
