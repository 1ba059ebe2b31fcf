"""Ties as read from a file."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError


class TieTable(NamedTuple):
    """A graph as it was read.

    Attributes:
        ends: Integers (ties, 2).
        strengths: Positive numbers (ties,).
        names: Of the agents, in their order of appearance.
        community: A label for each agent, or None.
    """

    ends: Array
    strengths: Array
    names: tuple[str, ...]
    community: tuple[str, ...] | None


def tie_table(
    ends: list[tuple[int, int]], strengths: list[float], names: list[str], community: list[str] | None, title: str
) -> TieTable:
    """A table with at least one tie.

    Raises:
        PalaestraError: No ties.
    """
    if not ends:
        raise PalaestraError(f"{title} names no tie between two agents.")
    labels = None if community is None else tuple(community)
    return TieTable(np.array(ends, np.int64), np.array(strengths), tuple(names), labels)


def strength(text: str, where: str) -> float:
    """A positive number.

    Raises:
        PalaestraError: Anything else; `where` begins the message.
    """
    try:
        value = float(text)
    except ValueError as error:
        raise PalaestraError(f"{where}: the weight {text!r} is no number.") from error
    if not (isfinite(value) and value > 0):
        raise PalaestraError(f"{where}: the weight {text!r} is not allowed: a tie has a positive weight.")
    return value
