"""The limit of beliefs in closed form: the weight of every initial belief in the consensus of a large sparse network.

Source: Acemoglu, Lin, Ozdaglar, Siderius (arXiv 2604.04906), Theorem 1; the formula below is our reconstruction of it.

With B = diag(beta) and N = (I - (I - B) T)^-1, beliefs p(t+1) = (I - B) T p(t) + beta a(t) and an AI that learns by
a(t+1) = rho a(t) + (1 - rho) alpha'p(t) from a(0) = alpha'p(0) end in w'p(0) with

    w = (alpha' + (1 - rho) alpha'N) / (1 + (1 - rho) alpha'N 1).

1. x' = alpha'N solves x'(I - (I - B) T) = alpha'. Up to `DENSE` agents by LU.
2. For more, by the series x' = sum_t alpha'((I - B) T)^t, whose terms are not negative. Since N beta = 1, the missing
   part satisfies sum_i beta_i (x - x_t)_i = sum_i r_i for the residual r, so its weighted size is known exactly.
3. Where the series is slow (beta near 0), the remainder is solved for by BiCGSTAB.

Assumptions: the network is strongly connected; 0 <= beta <= 1, with some beta above 0 and some below 1. Cost:
proportional to the number of ties, times the terms of the series (about 30 / beta). Without any reliance on the AI
there is no N, and the stationary distribution of T takes its place (`stationary`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_array, diags_array, eye_array
from scipy.sparse.linalg import bicgstab

from ...core.arrays import Array
from ...core.errors import PalaestraError
from .degroot import DeGrootNetwork

DENSE = 1500
"""Up to this many agents linear systems are solved by dense LU."""

TERMS = 2000
"""Terms of the series before the rest is solved for."""

PRECISE = 1e-14
"""Weight that may be missing from the series."""


def consensus_weights(network: DeGrootNetwork, alpha: Any, beta: Any, rho: float) -> Array:
    """The weight of each initial belief in the consensus with an AI.

    Args:
        network: T.
        alpha: Training weights (n,), a distribution.
        beta: Reliance on the AI: one number for all, or (n,). From 0 to 1, with some above 0 and some below 1.
        rho: How slowly the AI learns, strictly between 0 and 1.

    Returns:
        float64 (n,), a distribution.

    Raises:
        PalaestraError: A value out of its range (it is named), or a system that cannot be solved precisely enough.
    """
    training = distribution("alpha", alpha, network.agents, network.names)
    reliance = np.broadcast_to(np.asarray(beta, np.float64), (network.agents,))
    wrong = np.flatnonzero(~((reliance >= 0) & (reliance <= 1)))
    if len(wrong):
        raise PalaestraError(f"beta of {network.names[wrong[0]]!r} is {reliance[wrong[0]]:g}: it must be from 0 to 1.")
    if not reliance.any() or (reliance == 1).all():
        raise PalaestraError(
            f"beta is {reliance[0]:g} for everybody: somebody must rely on the AI, and somebody on neighbours."
        )
    if not 0 < rho < 1:
        raise PalaestraError(f"rho={rho!r} is not allowed: give a number strictly between 0 and 1.")
    reached = _reached(network.weights, training, reliance)
    keen = 1.0 - rho
    return np.asarray((training + keen * reached) / (1.0 + keen * reached.sum()))


def stationary(network: DeGrootNetwork) -> Array:
    """The weight of each initial belief in the consensus without an AI, (n,): the stationary distribution of T.

    Up to `DENSE` agents from the linear system. For more, from the strengths of the ties if they are mutual (a
    reversible chain), otherwise by repeated averaging.

    Raises:
        PalaestraError: Repeated averaging that does not converge.
    """
    count, weights = network.agents, network.weights
    if count <= DENSE:
        system = np.eye(count) - weights.toarray().T
        system[-1] = 1.0
        law = np.linalg.solve(system, np.eye(count)[-1])
        law = np.maximum(law, 0.0)
        return np.asarray(law / law.sum())
    lazy, law = weights.T.tocsr(), np.full(count, 1.0 / count)
    for _ in range(20_000):
        after = 0.5 * (law + lazy @ law)
        if np.abs(after - law).sum() < 1e-13:
            return np.asarray(after / after.sum())
        law = after
    raise PalaestraError(f"{network.title}: the consensus without an AI did not settle in 20,000 rounds of averaging.")


def distribution(what: str, values: Any, count: int, names: Sequence[str]) -> Array:
    """`values` as a distribution (count,), or an error that names what is wrong.

    Raises:
        PalaestraError: Another length, a negative or infinite weight, or weights that do not sum to 1 (to 1e-9).
    """
    weights = np.asarray(values, np.float64)
    if weights.shape != (count,):
        raise PalaestraError(f"{what} has shape {weights.shape}; give {count} weights.")
    wrong = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))
    if len(wrong):
        raise PalaestraError(f"{what} of {names[wrong[0]]!r} is {weights[wrong[0]]:g}: weights are numbers from 0.")
    if abs(weights.sum() - 1.0) > 1e-9:
        raise PalaestraError(f"{what} adds up to {weights.sum():.12g}, not to 1: divide the weights by their sum.")
    return weights


def _reached(weights: csr_array, alpha: Array, beta: Array) -> Array:
    """Solve for alpha'N."""
    count = len(alpha)
    if count <= DENSE:
        system = np.eye(count) - (1.0 - beta)[:, None] * weights.toarray()
        return np.asarray(np.linalg.solve(system.T, alpha))
    onward = (diags_array(1.0 - beta) @ weights).T.tocsr()
    total, term = alpha.copy(), alpha
    for _ in range(TERMS):
        term = onward @ term
        total += term
        if term.sum() <= PRECISE * total.sum():
            return total
    rest, failed = bicgstab(eye_array(count).tocsr() - onward, onward @ term, rtol=1e-13, atol=0.0, maxiter=5000)
    if failed:
        raise PalaestraError(
            f"The consensus was not found to precision: reliance is very low (mean {beta.mean():.2g})."
        )
    return np.asarray(total + rest)
