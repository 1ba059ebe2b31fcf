"""An upper bound on how far a decision is from optimal, by linear-programming duality in rational arithmetic."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np


def optimality_gap(matrix: Any, rhs: Any, most: Any, cost: Any, decision: Any, dual: Any) -> Fraction:
    """An upper bound on c'x - min c'x', valid for any dual vector; a bad vector gives a large bound.

    For every x' with Ax' = b and 0 <= x' <= most: c'x' = y'b + (c - A'y)'x' >= y'b + sum_j min(0, (c - A'y)_j) most_j.
    Floats are taken as the exact rational numbers that they are, so no tolerance and no solver is trusted.

    Args:
        matrix: A, (m, d).
        rhs: b, (m,).
        most: Upper bounds of each variable on X, (d,).
        cost: c, (d,).
        decision: x, (d,), feasible.
        dual: y, (m,).

    Examples:
        >>> float(optimality_gap([[1, 1]], [1], [1, 1], [2, 3], [1, 0], [2])), float(
        ...     optimality_gap([[1, 1]], [1], [1, 1], [2, 3], [0, 1], [2])
        ... )
        (0.0, 1.0)
    """
    rows = [[Fraction(value) for value in row] for row in np.asarray(matrix).tolist()]
    y = [Fraction(value) for value in np.asarray(dual).tolist()]
    bound = sum((a * Fraction(b) for a, b in zip(y, np.asarray(rhs).tolist(), strict=True)), Fraction(0))
    value = Fraction(0)
    columns = zip(*rows, strict=True)
    numbers = zip(columns, *(np.asarray(part).tolist() for part in (most, cost, decision)), strict=True)
    for column, top, price, amount in numbers:
        reduced = Fraction(price) - sum((a * b for a, b in zip(column, y, strict=True) if a), Fraction(0))
        bound += min(Fraction(0), reduced) * Fraction(top)
        value += Fraction(price) * Fraction(amount)
    return value - bound
