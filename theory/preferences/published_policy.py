"""What weights over options mean as a published policy."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.arrays import Array, ordered_sum


def published_policy(weights: Array, xp: Any = np) -> Array:
    """Weights (..., M), nonnegative, divided by their sum; the uniform policy where all are 0."""
    total = ordered_sum(weights)[..., None]
    some = total > 0
    return xp.where(some, weights / xp.where(some, total, 1.0), 1.0 / weights.shape[-1])
