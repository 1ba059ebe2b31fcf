"""One linear program, solved by the dual simplex method of HiGHS, which is deterministic and returns a vertex."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ...core.arrays import Array


class Minimum(NamedTuple):
    """The result from HiGHS.

    Attributes:
        status: 0 solved, 2 infeasible, 3 unbounded; others as in `scipy.optimize.linprog`.
        x: The minimiser, (n,), where solved.
        dual: The change of the minimum per unit of the right-hand side of each equation, where solved.
        message: The message of HiGHS.
    """

    status: int
    x: Array
    dual: Array
    message: str


def linear_minimum(
    cost: Array,
    equal: tuple[Array, Array] | None = None,
    below: tuple[Array, Array] | None = None,
    bounds: tuple[Any, Any] = (-np.inf, np.inf),
) -> Minimum:
    """Minimise cost'x over {x : Ax = b, Gx <= h, lower <= x <= upper}.

    Args:
        cost: (n,).
        equal: A and b.
        below: G and h.
        bounds: Lower and upper, numbers or (n,).
    """
    from scipy.optimize import linprog

    ends: Any = np.stack([np.broadcast_to(end, np.shape(cost)) for end in bounds], axis=1)
    parts: dict[str, Any] = {}
    if equal is not None and len(equal[0]):
        parts |= {"A_eq": equal[0], "b_eq": equal[1]}
    if below is not None:
        parts |= {"A_ub": below[0], "b_ub": below[1]}
    found: Any = linprog(cost, bounds=ends, method="highs-ds", **parts)
    solved = found.status == 0
    dual = np.asarray(found.eqlin.marginals) if solved else np.zeros(0)
    return Minimum(int(found.status), np.asarray(found.x) if solved else np.zeros(0), dual, str(found.message))
