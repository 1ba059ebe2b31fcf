"""Training weights that help for all plausible homophily and adoption, and the speed threshold above which some do.

Source: Acemoglu, Lin, Ozdaglar, Siderius (arXiv 2604.04906), Theorem 2; the formulas are our reconstruction.

An AI helps if 2e - s1 < w1(alpha) < s1 (`two_islands`). The weight w1 rises in alpha, so at given (h, b1, b2) the
helpful alpha are an interval, and the robust ones lie between the greatest lower end and the least upper end.

1. At fixed h the ends are linear-fractional in b1 and in b2, hence monotone in each: their extremes over a box of
   adoption are at its corners.
2. Over h the extreme is found on a grid of `GRID` points, and then on finer grids around the best point.
3. The threshold rho* is where the two extremes meet, found by bisection. They cross once (scanned, not proven).

Assumptions: pi > 1 and h_lo > 1. For h_lo = 1 only alpha = e is robust. Cost: a few times `GRID` evaluations per
element.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from .two_islands import response, weight_without_ai

GRID = 33
"""Values of h that are tried at once."""

ZOOMS = 4
"""How often a finer grid is laid between the neighbours of the best value: h is exact to 1e-5 then, the extreme, which
is flat there, to 1e-10."""


class RobustInterval(NamedTuple):
    """Training weights on the majority that help for every plausible society; empty where low >= high.

    Attributes:
        low: alpha_L.
        high: alpha_U.
    """

    low: Array
    high: Array


def robust_interval(
    pi: Any, rho: Any, homophily: tuple[float, float], adoption: tuple[float, float] = (0.0, 1.0)
) -> RobustInterval:
    """The robust interval, elementwise over `pi` and `rho`.

    Args:
        pi: n1/n2, above 1.
        rho: How slowly the AI learns, in (0, 1).
        homophily: Plausible range (h_lo, h_hi) of h, h_lo > 1.
        adoption: Plausible range of both islands' reliance, within [0, 1]; (0, 1) stands for the open square.

    Raises:
        PalaestraError: An invalid range.
    """
    low, high = homophily
    if not 1 < low <= high:
        raise PalaestraError(f"homophily={homophily!r} is not allowed: give 1 < low <= high; at 1 nothing is robust.")
    if not 0 <= adoption[0] <= adoption[1] <= 1 or adoption[1] == 0 or adoption[0] == 1:
        raise PalaestraError(f"adoption={adoption!r} is not allowed: give 0 <= low <= high <= 1, not all 0 or all 1.")
    size, slow = np.broadcast_arrays(np.asarray(pi, np.float64), np.asarray(rho, np.float64))
    efficient = size / (size + 1.0)

    def upper(h: Array) -> Array:
        return _over_corners(size, h, slow, adoption, weight_without_ai(size, h), np.minimum)

    def lower(h: Array) -> Array:
        return -_over_corners(size, h, slow, adoption, 2.0 * efficient - weight_without_ai(size, h), np.maximum)

    return RobustInterval(
        np.maximum(-_least(lower, low, high, size.shape), 0.0), np.minimum(_least(upper, low, high, size.shape), 1.0)
    )


def speed_threshold(
    pi: Any, homophily: tuple[float, float], adoption: tuple[float, float] = (0.0, 1.0), precision: float = 1e-12
) -> Array:
    """rho*, elementwise: with slower learning (rho above it) some training weights help robustly, with faster none.

    0 where some help at any speed (where adoption is known well, say).
    """
    size = np.asarray(pi, np.float64)
    low, high = np.zeros(size.shape), np.ones(size.shape)
    while float(np.max(high - low, initial=0.0)) > precision:
        middle = 0.5 * (low + high)
        found = robust_interval(size, middle, homophily, adoption)
        some = found.low < found.high
        low, high = np.where(some, low, middle), np.where(some, middle, high)
    return np.where(high <= 2 * precision, 0.0, 0.5 * (low + high))


def _over_corners(pi: Array, h: Array, rho: Array, adoption: tuple[float, float], target: Array, extreme: Any) -> Array:
    """The extreme training weight over the corners of the box of adoption; where nobody adopts there is no AI."""
    low, high = adoption
    corners = np.array([(a, b) for a in (low, high) for b in (low, high) if a or b])
    corners = corners.reshape(-1, 2, *(1,) * h.ndim)
    return extreme.reduce(response(pi, h, corners[:, 0], corners[:, 1], rho).training(target))


def _least(of: Any, low: float, high: float, shape: tuple[int, ...]) -> Array:
    """The least value of a function of h, elementwise; the function takes h with an axis of trials in front."""
    left, right = np.full(shape, low), np.full(shape, high)
    best = np.full(shape, np.inf)
    part = np.linspace(0.0, 1.0, GRID).reshape(-1, *(1,) * len(shape))
    for _ in range(1 + ZOOMS):
        tried = left * (right / left) ** part
        values = of(tried)
        at = np.argmin(values, axis=0)[None]
        best = np.minimum(best, np.take_along_axis(values, at, axis=0)[0])
        left, right = (np.take_along_axis(tried, np.clip(at + step, 0, GRID - 1), axis=0)[0] for step in (-1, 1))
    return best
