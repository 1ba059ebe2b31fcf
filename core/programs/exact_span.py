"""Ranks and spans in rational arithmetic: nothing is nearly dependent here."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np


def exact_rank(rows: Any) -> int:
    """The rank of a matrix whose entries are taken as the rational numbers that they are.

    Examples:
        >>> exact_rank([[1.0, 2.0], [2.0, 4.0]]), exact_rank([[0.1, 0.2], [0.1, 0.2 + 1e-16]]), exact_rank([])
        (1, 2, 0)
    """
    matrix = [[Fraction(value) for value in row] for row in np.asarray(rows, object).tolist()]
    rank = 0
    for column in range(len(matrix[0]) if matrix else 0):
        pivot = next((i for i in range(rank, len(matrix)) if matrix[i][column]), None)
        if pivot is None:
            continue
        matrix[rank], matrix[pivot] = matrix[pivot], matrix[rank]
        for i in range(rank + 1, len(matrix)):
            if factor := matrix[i][column] / matrix[rank][column]:
                matrix[i] = [a - factor * b for a, b in zip(matrix[i], matrix[rank], strict=True)]
        rank += 1
    return rank


def exactly_spans(rows: Any, wanted: Any) -> bool:
    """Whether every row of `wanted` is a combination of `rows`, in rational arithmetic."""
    both = [*np.asarray(rows).tolist(), *np.asarray(wanted).tolist()]
    return exact_rank(both) == exact_rank(np.asarray(rows))
