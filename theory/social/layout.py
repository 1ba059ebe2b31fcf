"""The memory layout of beliefs: lanes are the first axis for callers and the last in the kernels."""

from __future__ import annotations

from typing import Any

from ...core.arrays import Array


def turned(values: Array, xp: Any) -> Array:
    """The view with reversed axes: (lanes, topics, agents) of a state is (agents, topics, lanes) in the kernels.

    In the kernels the lanes are last, so that sums over agents stream through memory.
    """
    return xp.permute_dims(values, tuple(range(values.ndim))[::-1])
