"""Correlated min-max: the least that the others, acting jointly, can hold a player to, by linear programming."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..errors import PalaestraError
from .normal_form import NormalFormGame
from .outside_options import OutsideOptions, against_others, outside_options


def punishing_mixture(payoffs: Array) -> Array:
    """The mixture of columns that minimises the greatest row: min_y max_a sum_k y_k payoffs[a, k].

    Source: von Neumann's minimax theorem as a linear program (Dantzig 1951): minimise v subject to payoffs y <= v,
    y >= 0, sum y = 1. Solved by HiGHS through `scipy.optimize.linprog`. Columns that another column dominates (nowhere
    more to the row player) could stay; none is removed, so ties are the solver's.

    Args:
        payoffs: (rows, columns), float64.

    Returns:
        y: (columns,), nonnegative, summing to 1 up to the solver's tolerance.

    Raises:
        PalaestraError: The solver did not finish.
    """
    from scipy.optimize import linprog

    rows, columns = payoffs.shape
    column = _saddle(payoffs)
    if column is not None:
        return np.eye(columns)[column]
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
    return np.asarray(result.x[:columns], np.float64)


def _saddle(payoffs: Array) -> int | None:
    """The column of a saddle point in pure strategies, or None: it saves the linear program."""
    worst = payoffs.max(axis=0)
    column = int(worst.argmin())
    return column if payoffs.min(axis=1).max() >= worst[column] else None


def correlated_min_max(game: NormalFormGame) -> OutsideOptions:
    """For each player the joint distribution of the others that makes its best reply worth least.

    Our reconstruction of M-SETE's punishments (transfers sheet, section 1b, choice B): one linear program a player.
    The values add up to at most the welfare of any Nash equilibrium, since an equilibrium's own play is one such
    distribution; so an offer of greatest welfare can always pay them.

    Args:
        game: One game (one lane). Cost: a dense LP with A_i rows and prod_{j != i} A_j columns for each player.
    """
    found = [punishing_mixture(against_others(game, i)[0]) for i in range(game.num_players)]
    return outside_options(game, found, "correlated min-max by linear programming")
