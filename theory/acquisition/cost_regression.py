"""Predicting costs from contexts: least squares, SPO+, and SPO+ in the few directions that matter.

Sources: Elmachtoub and Grigas, "Smart 'Predict, then Optimize'" (Management Science 2022) for the SPO loss
c'x*(c^) - c'x*(c) and the SPO+ loss max_x (c - 2c^)'x + 2c^'x*(c) - c'x*(c), whose subgradient is
2 (x*(c) - x*(2c^ - c)); Ye, Amin, Ozdaglar (COLT 2026, arXiv 2603.18551), Algorithm 3 for compressed SPO+: with
C = {(c - c0)'S^-1 (c - c0) <= 1} and U a basis of the directions that matter, L = S U (U'S U)^-1, c^ = c0 + L g(xi),
and the subgradient times L'. By Theorem 25 this loses nothing.

The model is linear, g(xi) = Theta (1, xi). SPO+ is convex in Theta. It is minimised by subgradient steps of size
rate / sqrt(t) over all samples, starting at the least-squares fit; the best Theta visited is returned. The paper does
not give step sizes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from .linear_program import LinearProgram


@dataclass(frozen=True)
class CostRegression:
    """A fitted model.

    Attributes:
        offset: c0, (d,).
        lift: L, (d, k).
        theta: Theta, (k, p + 1).
        loss: The mean SPO+ loss of the training pairs; for least squares, the mean squared error.
    """

    offset: Array
    lift: Array
    theta: Array
    loss: float

    def predict(self, contexts: Any) -> Array:
        """Predicted costs (lanes, d) for contexts (lanes, p)."""
        features = _features(np.asarray(contexts, np.float64))
        weights = self.lift @ self.theta
        predicted: Array = self.offset + ordered_sum(features[:, None, :] * weights[None], 2)
        return predicted


def least_squares(contexts: Any, costs: Any, offset: Array, lift: Array | None = None) -> CostRegression:
    """Ordinary least squares of L+ (c - c0) on (1, xi): the first stage of two.

    Args:
        contexts: (n, p).
        costs: (n, d).
        offset: c0.
        lift: L, (d, k); the identity by default.
    """
    contexts, costs = np.asarray(contexts, np.float64), np.asarray(costs, np.float64)
    if contexts.ndim != 2 or costs.shape != (len(contexts), len(offset)) or len(contexts) == 0:
        raise PalaestraError(
            f"Contexts {contexts.shape} and costs {costs.shape} do not pair up for costs of dimension {len(offset)}."
        )
    lift = np.eye(len(offset)) if lift is None else lift
    target = (costs - offset) @ np.linalg.pinv(lift).T
    theta = np.linalg.lstsq(_features(contexts), target, rcond=None)[0].T
    fitted = CostRegression(np.asarray(offset), lift, theta, 0.0)
    return CostRegression(fitted.offset, lift, theta, float(((fitted.predict(contexts) - costs) ** 2).mean()))


def spo_plus(
    program: LinearProgram,
    contexts: Any,
    costs: Any,
    offset: Array,
    *,
    directions: Array | None = None,
    spread: Array | None = None,
    steps: int = 200,
    rate: float = 0.5,
) -> CostRegression:
    """Fit by SPO+.

    Args:
        program: X.
        contexts: (n, p).
        costs: (n, d).
        offset: c0.
        directions: Rows whose span is U, (k, d); all of R^d by default.
        spread: Half-axes of C, S = diag(spread^2); 1 by default.
        steps: Subgradient steps.
        rate: Size of the first step, relative to the spread.
    """
    contexts, costs = np.asarray(contexts, np.float64), np.asarray(costs, np.float64)
    spread = np.ones(program.dimension) if spread is None else spread
    lift = np.diag(spread) if directions is None else compression(directions, spread)
    features, best_x = _features(contexts), program.solve(costs)
    fit = least_squares(contexts, costs, offset, lift)
    theta, kept, least = fit.theta, fit.theta, np.inf
    for step in range(steps + 1):
        predicted = offset + features @ theta.T @ lift.T
        rival = program.solve(2.0 * predicted - costs)
        loss = float((((costs - 2.0 * predicted) * rival).sum(1) + ((2.0 * predicted - costs) * best_x).sum(1)).mean())
        if loss < least:
            kept, least = theta, loss
        gradient = (2.0 * (best_x - rival) @ lift).T @ features / len(features)
        size = float(np.linalg.norm(gradient))
        if size == 0.0:
            break
        theta = theta - rate / np.sqrt(step + 1.0) * gradient / max(size, 1.0)
    return CostRegression(np.asarray(offset), lift, kept, least)


def compression(directions: Array, spread: Array) -> Array:
    """L = S U (U'S U)^-1 for an orthonormal basis U of the rows of `directions`, (d, k)."""
    right = np.linalg.svd(np.atleast_2d(directions), full_matrices=False)
    basis = right[2][: int((right[1] > 1e-9 * right[1].max(initial=0.0)).sum())].T
    stretched = spread[:, None] ** 2 * basis
    lifted: Array = stretched @ np.linalg.inv(basis.T @ stretched)
    return lifted


def _features(contexts: Array) -> Array:
    return np.concatenate([np.ones((len(contexts), 1)), contexts], axis=1)
