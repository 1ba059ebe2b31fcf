"""Checking a claimed smallest data set without trusting its solver.

Offered to users; no member of the package calls it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from ...core.errors import PalaestraError
from .cost_set import CostSet
from .linear_minimum import linear_minimum
from .linear_program import LinearProgram
from .optimality_gap import optimality_gap

TOLERANCE = 1e-7
"""Cost, relative to the largest, by which a decision may fall short of optimal: duals come as floats."""


def check_data_set(program: LinearProgram, costs: CostSet, decisions: Any, at: Any, queries: Any) -> int:
    """Check that no fewer measurements than `decisions` minus one suffice, and that the queries cover them.

    1. Every claimed decision is feasible.
    2. Its cost is strictly inside C (by the inequality of the set, on unknown coordinates).
    3. It is optimal there, to `TOLERANCE`: by LP duality in rational arithmetic (`optimality_gap`).
    4. The differences to the first decision are independent, so W* has at least that dimension: exact rational rank.
    5. The queries span the differences exactly, on the unknown coordinates.
    It is coNP-hard to prove that no further decision is reachable, and this is not checked.

    Args:
        program: X.
        costs: C.
        decisions: The claimed decisions, (r + 1, d).
        at: For each decision a cost that makes it optimal, (r + 1, d).
        queries: The measurements, (k, d).

    Returns:
        r.

    Raises:
        PalaestraError: The first claim that does not hold, with the decision concerned.
    """
    decisions, at = np.asarray(decisions, np.float64), np.asarray(at, np.float64)
    if decisions.shape != at.shape or decisions.shape[1:] != (program.dimension,):
        raise PalaestraError(
            f"{decisions.shape} decisions with {at.shape} costs; both are (r + 1, {program.dimension})."
        )
    for i, (x, cost) in enumerate(zip(decisions, at, strict=True)):
        if (
            (np.abs(program.matrix @ x - program.rhs) > 1e-7).any()
            or (x < -1e-9).any()
            or (x > program.upper + 1e-9).any()
        ):
            raise PalaestraError(f"Decision {i} is not feasible.")
        if not costs.contains(cost, 0.0):
            raise PalaestraError(f"The cost of decision {i} lies outside of the uncertainty set.")
        gap = optimality_gap(program.matrix, program.rhs, program.largest, cost, x, _dual(program, cost))
        if gap > TOLERANCE * max(1.0, float(np.abs(cost).max())):
            raise PalaestraError(f"Decision {i} is {float(gap)} above the optimum at the cost that is claimed for it.")
    unknown = ~costs.known
    steps = (decisions[1:] - decisions[0])[:, unknown]
    if len(steps) and exact_rank(steps) != len(steps):
        raise PalaestraError("The differences of the claimed decisions are dependent.")
    if len(steps) and not exactly_spans(
        np.asarray(queries, np.float64).reshape(-1, program.dimension)[:, unknown], steps
    ):
        raise PalaestraError("The measurements do not span the differences of the claimed decisions.")
    return len(steps)


def _dual(program: LinearProgram, cost: Any) -> Any:
    return linear_minimum(cost, (program.matrix, program.rhs), bounds=(0.0, program.upper)).dual


def exact_rank(rows: Any) -> int:
    """The rank of a matrix in rational arithmetic: floats count as the exact numbers that they are.

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
