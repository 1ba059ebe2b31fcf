"""Proportionality level: how much of its share each group gets, for the group that gets least."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.arrays import Array


def proportionality(policy: Array, shares: Array, xp: Any = np) -> Array:
    """The least pi(y_k) / w_k over groups k with w_k > 0: alpha-proportionality of arXiv 2506.05619, axiom 3.

    It is at most 1, which only pi = w reaches, and 0 where some group's option is never chosen.

    Args:
        policy: pi, (..., M), floats or fractions.
        shares: w, (..., M).
        xp: Array namespace.
    """
    some = shares > 0
    ratio = policy / xp.where(some, shares, 1)
    return xp.min(xp.where(some, ratio, float("inf")), axis=-1)
