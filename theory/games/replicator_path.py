"""Replicator dynamics: the share of a strategy grows with its payoff above the population's mean."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError


def replicator_path(payoffs: Array, start: Array | None = None, time: float = 200.0, steps: int = 4000) -> Array:
    """The path of dx_i/dt = x_i ((M x)_i - x . M x).

    Source: Taylor and Jonker, "Evolutionary stable strategies and game dynamics", Mathematical Biosciences 40, 1978.

    1. With x = softmax(y) the dynamics are dy/dt = M x, up to a term common to all strategies.
    2. Integrate y by the classical Runge-Kutta method of order 4. By construction, shares stay positive and sum to 1.

    Assumption: time / steps is small compared with 1 / the span of the payoffs; otherwise the path is coarse. A share
    that starts at 0 stays 0.

    Args:
        payoffs: (n, n): payoff of the row's strategy against the column's.
        start: (n,): shares at the start; None: equal shares.
        time: How long, in 1/payoff.
        steps: Of equal length.

    Returns:
        float64 (steps + 1, n), the start first.

    Raises:
        PalaestraError: A start that is not a distribution over n strategies.
    """
    table = np.asarray(payoffs, np.float64)
    first = np.full(len(table), 1.0 / len(table)) if start is None else np.asarray(start, np.float64)
    if first.shape != (len(table),) or (first < 0).any() or abs(first.sum() - 1.0) > 1e-9:
        raise PalaestraError(f"start={first.tolist()} is not allowed: give {len(table)} shares that add up to 1.")
    step = time / steps
    with np.errstate(divide="ignore"):
        y = np.log(first)
    path = np.empty((steps + 1, len(table)))
    path[0] = first
    for k in range(steps):
        one = table @ _shares(y)
        two = table @ _shares(y + one * (step / 2))
        three = table @ _shares(y + two * (step / 2))
        four = table @ _shares(y + three * step)
        y = y + (one + 2 * two + 2 * three + four) * (step / 6)
        y = y - y.max()
        path[k + 1] = _shares(y)
    return path


def _shares(y: Array) -> Array:
    grown = np.exp(y - y.max())
    share: Array = grown / grown.sum()
    return share
