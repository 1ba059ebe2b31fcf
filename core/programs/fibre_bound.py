"""A lower bound on d'c over all costs that agree with the answers, from multipliers, in rational arithmetic."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np


def fibre_shortfall(
    shape: str, centre: Any, spread: Any, queries: Any, cost: Any, direction: Any, multipliers: Any
) -> Fraction:
    """How far below 0 d'c' may be for costs c' of the uncertainty set with Qc' = Qc; 0: it is proved not to be.

    For all such c', d'c' = lam'Qc + (d - Q'lam)'c' for any multipliers lam. The last term is at least r'centre minus
    sum_j spread_j |r_j| over a box (and over any set within it), and minus sqrt(sum_j (spread_j r_j)^2) over an
    ellipsoid, which is compared by squares. Multipliers that were tampered with can only weaken the bound.

    Args:
        shape: "box", "ellipsoid" or "polytope" (bounded by its box).
        centre: (d,).
        spread: (d,).
        queries: Q, (k, d).
        cost: c, (d,).
        direction: d, (d,).
        multipliers: lam, (k,).

    Returns:
        For ellipsoids the shortfall is a number that is 0 exactly where the bound is proved.
    """
    lam = [Fraction(value) for value in np.asarray(multipliers).tolist()]
    rest = [Fraction(value) for value in np.asarray(direction).tolist()]
    known = Fraction(0)
    price = [Fraction(value) for value in np.asarray(cost).tolist()]
    for weight, query in zip(lam, np.asarray(queries).tolist(), strict=True):
        for j, entry in enumerate(query):
            if weight and entry:
                part = weight * Fraction(entry)
                rest[j] -= part
                known += part * price[j]
    middle = [Fraction(value) for value in np.asarray(centre).tolist()]
    width = [Fraction(value) for value in np.asarray(spread).tolist()]
    known += sum((a * b for a, b in zip(rest, middle, strict=True)), Fraction(0))
    if shape == "ellipsoid":
        square = sum(((a * b) ** 2 for a, b in zip(rest, width, strict=True)), Fraction(0))
        if known >= 0 and known * known >= square:
            return Fraction(0)
        return Fraction(float(square) ** 0.5) - known
    return max(Fraction(0), sum((abs(a) * b for a, b in zip(rest, width, strict=True)), Fraction(0)) - known)
