"""Lanes first for everybody, lanes fastest in memory: the same array seen from its other end."""

from __future__ import annotations

from typing import Any

from ...core.arrays import Array


def turned(values: Array, xp: Any) -> Array:
    """The view with the axes in reverse: (lanes, topics, agents) of a state is (agents, topics, lanes) in the kernels.

    Kernels make arrays with the lanes last, so that sums over agents stream through memory; a state leads with lanes.
    """
    return xp.permute_dims(values, tuple(range(values.ndim))[::-1])
