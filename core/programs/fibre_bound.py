"""A lower bound on d'c over all costs that agree with the answers, from multipliers, in exact arithmetic."""

from __future__ import annotations

from collections.abc import Iterable
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

    Floats are integers divided by powers of two, so every sum here is one of integers with a common denominator, which
    is several times as fast as adding fractions and as exact.

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
    lam, lam_bits = _integers(multipliers)
    query, query_bits = _integers(queries)
    towards, towards_bits = _integers(direction)
    price, price_bits = _integers(cost)
    middle, middle_bits = _integers(centre)
    width, width_bits = _integers(spread)
    # What is left of d, r = d - Q'lam, in units of 2**-rest_bits; products with it in units of 2**-bits.
    rest_bits = max(lam_bits + query_bits, towards_bits)
    bits = rest_bits + max(price_bits, middle_bits, width_bits)
    rest, known = [one << (rest_bits - towards_bits) for one in towards], 0
    rows = (query[first : first + len(rest)] for first in range(0, len(query), len(rest)))
    for weight, row in zip(lam, rows, strict=True):
        for j, entry in enumerate(row):
            if weight and entry:
                part = weight * entry << (rest_bits - lam_bits - query_bits)
                rest[j] -= part
                known += part * price[j]
    known <<= bits - rest_bits - price_bits
    known += _product(rest, middle) << (bits - rest_bits - middle_bits)
    if shape == "ellipsoid":
        square = sum((a * b) ** 2 for a, b in zip(rest, width, strict=True)) << 2 * (bits - rest_bits - width_bits)
        if known >= 0 and known * known >= square:
            return Fraction(0)
        return Fraction(float(Fraction(square, 1 << 2 * bits)) ** 0.5) - Fraction(known, 1 << bits)
    across = _product(map(abs, rest), width) << (bits - rest_bits - width_bits)
    return Fraction(max(0, across - known), 1 << bits)


def _integers(values: Any) -> tuple[list[int], int]:
    """Floats as integers in units of 2**-bits: the integers, row by row, and bits."""
    ratios = [value.as_integer_ratio() for value in np.ravel(values).tolist()]
    bits = max((denominator.bit_length() - 1 for _, denominator in ratios), default=0)
    return [over << (bits - denominator.bit_length() + 1) for over, denominator in ratios], bits


def _product(first: Iterable[int], second: Iterable[int]) -> int:
    return sum(a * b for a, b in zip(first, second, strict=True))
