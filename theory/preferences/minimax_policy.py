"""Minimax (Simpson 1969, Kramer 1977): the option whose worst duel is best."""

from __future__ import annotations

from ...core.arrays import Array
from .greatest_shares import greatest_shares
from .level_best import level_best


def minimax_policy(preference: Array) -> Array:
    """All probability on the options of the greatest min_j P(i > j), alike among equals.

    It elects a Condorcet winner where there is one, and is the limit of F^beta (arXiv 2506.05619).

    Args:
        preference: P, (..., M, M), floats or fractions.
    """
    return level_best(greatest_shares(preference))
