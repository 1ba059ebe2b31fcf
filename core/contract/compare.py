"""Compare two episodes that should be equal, and report the first difference as a broken clause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays import Array
from .episode import Episode, Seen
from .report import broken


def same(got: Episode, expected: Episode, fix: str, lanes: Sequence[int] | None = None, tolerance: float = 0.0) -> None:
    """Raise where two episodes differ.

    Args:
        got: One of them.
        expected: The other.
        fix: What to do about it.
        lanes: Which lanes of `expected` the lanes of `got` are; None: all, in order.
        tolerance: Greatest difference of floats, relative to max(1, |expected|); 0 for equal bits. Integers and
            booleans are always compared exactly.

    Raises:
        ContractBroken: Names player, lane, step and both values.
    """
    for one, other in zip(got.seen, expected.seen, strict=False):
        if one[:3] != other[:3]:
            raise broken(
                "a different kind of result came back at this place.",
                fix,
                step=one.step,
                got=_name(one),
                expected=_name(other),
            )
        values = other.values if lanes is None else other.values[list(lanes)]
        lane = first_difference(one.values, values, tolerance)
        if lane is not None:
            raise broken(
                f"{one.what} differs.",
                fix,
                player=one.player or None,
                lane=lane if lanes is None else lanes[lane],
                step=one.step,
                got=_value(one.values, lane),
                expected=_value(values, lane),
            )
    if len(got.seen) != len(expected.seen):
        raise broken(
            "one play returned more arrays than the other.", fix, got=len(got.seen), expected=len(expected.seen)
        )


def first_difference(got: Array, expected: Array, tolerance: float = 0.0) -> int | None:
    """The first lane in which two arrays (lanes, ...) differ, or None. NaN equals NaN: finiteness is another clause."""
    if got.shape != expected.shape or got.dtype != expected.dtype:
        return 0
    if tolerance and np.issubdtype(expected.dtype, np.floating):
        close = np.abs(got - expected) <= tolerance * np.maximum(1.0, np.abs(expected))
        equal = close | (got == expected) | (np.isnan(got) & np.isnan(expected))
    else:
        equal = (got == expected) | ((got != got) & (expected != expected))
    wrong = ~equal.reshape(len(equal), -1).all(axis=1)
    return int(np.flatnonzero(wrong)[0]) if wrong.any() else None


def _name(one: Seen) -> str:
    return f"{one.player} {one.what} at step {one.step}".strip()


def _value(values: Array, lane: int) -> Any:
    if values.ndim == 0 or lane >= len(values):
        return f"{values.dtype} of shape {values.shape}"
    value = values[lane]
    return f"{value.tolist()!r} ({value.dtype} {value.shape})" if value.ndim else f"{value.item()!r} ({value.dtype})"
