"""Nash averaging: agents rated against the mixture of agents that no agent beats."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError


@dataclass(frozen=True, eq=False)
class NashAverage:
    """A maximum-entropy equilibrium of the game in which each player chooses an agent.

    Attributes:
        weights: (n,): p, how much each agent counts.
        ratings: (n,): A p, half of what each agent earns against p minus what p earns against it. 0 where the weight
            is positive, and never above 0.
    """

    weights: Array
    ratings: Array


def nash_average(payoffs: Array) -> NashAverage:
    """The maximum-entropy Nash equilibrium of the antisymmetrised payoffs, and the ratings that follow.

    Source: Balduzzi, Tuyls, Perolat and Graepel, "Re-evaluating Evaluation", NeurIPS 2018, Definition 2 and Theorem 1.

    1. A = (M - M^T) / 2 is a symmetric zero-sum game of value 0; its equilibria are the distributions p with A p <= 0.
    2. An equilibrium with p - A p > 0 everywhere exists (Goldman and Tucker 1956) and is found by one linear program.
       An agent with weight in it is in the support of the equilibrium sought, and earns 0 against every equilibrium.
    3. On that support the entropy is maximised in the dual: p_j is proportional to exp(-(A^T l)_j), with l free for
       the support and l >= 0 elsewhere; the dual is convex and has an interior point. L-BFGS-B minimises it.

    Assumption: differences that matter are at least about 1e-9 of the payoffs' span; smaller ones may be taken for
    ties. Copies of an agent share its weight and leave all ratings unchanged where the equilibrium is unique (almost
    every matrix). Where it is not, the entropy counts copies, and ratings may change.

    Args:
        payoffs: (n, n): payoff of the row's agent against the column's. The diagonal does not matter.

    Returns:
        Weights and ratings; the equilibrium's error, the greatest rating above 0, is below about 1e-7 of the span.

    Raises:
        PalaestraError: No square matrix.
    """
    from scipy.optimize import minimize

    table = np.asarray(payoffs, np.float64)
    n = len(table)
    if table.shape != (n, n) or not n or not np.isfinite(table).all():
        raise PalaestraError(f"payoffs of shape {table.shape} are not a square matrix of finite numbers.")
    matrix = (table - table.T) / 2.0
    span = float(np.abs(matrix).max()) or 1.0
    scaled = matrix / span
    inside = _support(scaled)
    small = scaled[:, inside]

    def dual(multipliers: Array) -> tuple[float, Array]:
        scores = -(multipliers @ small)
        top = scores.max()
        shares = np.exp(scores - top)
        return float(top + np.log(shares.sum())), -(small @ (shares / shares.sum()))

    found = minimize(
        dual,
        np.zeros(n),
        jac=True,
        method="L-BFGS-B",
        bounds=[(None, None) if one else (0.0, None) for one in inside],
        options={"maxiter": 20_000, "maxfun": 100_000, "ftol": 1e-16, "gtol": 1e-11, "maxcor": 30},
    )
    scores = -(found.x @ small)
    weights = np.zeros(n)
    weights[inside] = np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()
    return NashAverage(weights, matrix @ weights)


def _support(matrix: Array) -> Array:
    """Boolean (n,): who has weight in some equilibrium, by the strictly complementary one of greatest margin."""
    from scipy.optimize import linprog

    n = len(matrix)
    margin = np.ones((n, 1))
    found = linprog(
        np.append(np.zeros(n), -1.0),
        A_ub=np.block([[matrix, np.zeros((n, 1))], [matrix - np.eye(n), margin]]),
        b_ub=np.zeros(2 * n),
        A_eq=np.append(np.ones(n), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0.0, 1.0)] * (n + 1),
    )
    weights = np.asarray(found.x, np.float64)[:n]
    inside: Array = weights > -(matrix @ weights)
    return inside
