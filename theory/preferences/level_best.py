"""All probability on the options of the greatest score, alike among equals."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ...core.arrays import Array, ordered_sum


def level_best(scores: Array) -> Array:
    """The uniform distribution over the best options, (..., M) from (..., M): no option is favoured for its number.

    Fractions stay fractions.
    """
    best = scores == scores.max(-1, keepdims=True)
    unit: Array = np.array([Fraction(0), Fraction(1)]) if scores.dtype == object else np.array([0.0, 1.0])
    ones = unit[best.astype(np.int64)]
    policy: Array = ones / np.asarray(ordered_sum(ones))[..., None]  # a bare fraction for one lane of fractions
    return policy
