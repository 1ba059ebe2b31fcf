"""All probability on the options of the greatest score, alike among equals."""

from __future__ import annotations

import numpy as np

from ..arrays import Array, ordered_sum


def level_best(scores: Array) -> Array:
    """The uniform distribution over the best options, (..., M) from (..., M): no option is favoured for its number.

    Fractions stay fractions.
    """
    best = scores == scores.max(-1, keepdims=True)
    ones = np.where(best, scores * 0 + 1, scores * 0)
    policy: Array = ones / np.asarray(ordered_sum(ones))[..., None]  # a bare fraction for one lane of fractions
    return policy
