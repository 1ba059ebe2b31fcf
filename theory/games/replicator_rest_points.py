"""Rest points of the replicator dynamics, support by support."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError

MOST_STRATEGIES = 10


@dataclass(frozen=True, eq=False)
class RestPoint:
    """Shares at which nothing changes.

    Attributes:
        shares: (n,).
        dimension: Of the set of rest points with the same support; 0 for an isolated point.
        growth: The greatest real part of an eigenvalue of the linearised dynamics within the simplex: below 0, nearby
            shares return; above 0, some move away.
        equilibrium: Whether no strategy earns more than the mean: a symmetric Nash equilibrium.
    """

    shares: Array
    dimension: int
    growth: float
    equilibrium: bool


def replicator_rest_points(payoffs: Array) -> list[RestPoint]:
    """Every rest point of dx_i/dt = x_i ((M x)_i - x . M x), one for each support that has any.

    Source: Hofbauer and Sigmund, "Evolutionary Games and Population Dynamics", 1998, chapter 7.

    1. For every set S of strategies solve (M x)_i = v for i in S and sum x = 1 with x = 0 outside S, by the singular
       value decomposition.
    2. If the solution is unique, keep it if it is positive on S. Otherwise take the solution whose smallest share on S
       is greatest, by a linear program, and keep it if that share is positive.
    3. Linearise at it, on the tangent space of the simplex.

    Assumption: singular values below 1e-10 of the greatest are 0. Cost: 2^n small systems, and a linear program
    for each with many solutions; n at most `MOST_STRATEGIES`.

    Args:
        payoffs: (n, n): payoff of the row's strategy against the column's.

    Returns:
        Rest points, those with fewer strategies first.

    Raises:
        PalaestraError: Too many strategies to enumerate their supports.
    """
    table = np.asarray(payoffs, np.float64)
    n = len(table)
    if n > MOST_STRATEGIES:
        raise PalaestraError(f"{n} strategies have 2**{n} supports: at most {MOST_STRATEGIES} strategies are searched.")
    span = float(np.abs(table).max()) or 1.0
    scaled, found = table / span, []
    for size in range(1, n + 1):
        for support in combinations(range(n), size):
            solved = _solved(scaled[np.ix_(support, support)])
            if solved is not None:
                shares = np.zeros(n)
                shares[list(support)] = solved[0]
                earned = table @ shares
                mean = float(shares @ earned)
                growth = _growth(scaled, shares) * span
                found.append(RestPoint(shares, solved[1], growth, bool((earned <= mean + 1e-9 * span).all())))
    return found


def _solved(small: Array) -> tuple[Array, int] | None:
    """Positive shares at which a whole support earns the same, and the dimension of their set; None if none are."""
    size = len(small)
    system = np.block([[small, -np.ones((size, 1))], [np.ones((1, size)), np.zeros((1, 1))]])
    wanted = np.append(np.zeros(size), 1.0)
    singular = np.linalg.svd(system, compute_uv=False)
    rank = int((singular > 1e-10 * singular[0]).sum())
    solution = np.linalg.lstsq(system, wanted, rcond=1e-10)[0]
    shares: Array = solution[:size]
    if rank <= size:  # no solution, or many
        if np.abs(system @ solution - wanted).max() > 1e-9:
            return None
        inner = _innermost(system, wanted)
        if inner is None:
            return None
        shares = inner
    return (shares / shares.sum(), size + 1 - rank) if (shares > 1e-9).all() else None


def _innermost(system: Array, wanted: Array) -> Array | None:
    from scipy.optimize import linprog

    size = len(wanted) - 1
    least = np.hstack([-np.eye(size), np.zeros((size, 1)), np.ones((size, 1))])
    found = linprog(
        np.append(np.zeros(size + 1), -1.0),
        A_ub=least,
        b_ub=np.zeros(size),
        A_eq=np.hstack([system, np.zeros((size + 1, 1))]),
        b_eq=wanted,
        bounds=[(0.0, 1.0)] * size + [(None, None), (None, None)],
    )
    return np.asarray(found.x, np.float64)[:size] if found.status == 0 else None


def _growth(table: Array, shares: Array) -> float:
    """The greatest real part of the Jacobian's eigenvalues on vectors that add up to 0."""
    n = len(shares)
    if n == 1:
        return 0.0
    earned = table @ shares
    mean = shares @ earned
    jacobian = np.diag(earned - mean) + shares[:, None] * (table - (earned + shares @ table)[None, :])
    basis = np.linalg.svd(np.ones((1, n)))[2][1:].T  # an orthonormal basis of the tangent space
    return float(np.linalg.eigvals(basis.T @ jacobian @ basis).real.max())
