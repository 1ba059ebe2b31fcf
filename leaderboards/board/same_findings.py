"""Whether a verifier on another machine found the same."""

from __future__ import annotations

from math import isclose
from typing import Any

from ..submission.findings import Findings

SHARE = 1e-5
"""Curves are kept to six digits, of which another machine may round the last one otherwise."""


def same_findings(one: Findings, other: Findings) -> bool:
    """Compare everything, numbers that are not whole up to `SHARE` of them, or of 1e-4 where they are smaller."""
    return _near(one.model_dump(), other.model_dump())


def _near(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=SHARE, abs_tol=SHARE * 1e-4)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_near(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_near, one, other))
    return bool(one == other)
