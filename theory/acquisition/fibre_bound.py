"""A lower bound on d'c over all costs that agree with the answers, from multipliers and in exact arithmetic."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np


class FibreBound:
    """A proof about the costs c' of an uncertainty set with Qc' = Qc, from multipliers of any origin.

    For all such c', d'c' = lam'Qc + (d - Q'lam)'c' for any multipliers lam. The last term is at least r'centre minus
    sum_j spread_j |r_j| over a box (and over any set within it), and minus sqrt(sum_j (spread_j r_j)^2) over an
    ellipsoid, which is compared by squares. Wrong multipliers can only weaken the bound.

    Floats are integers divided by powers of two, so every sum here is over integers with a common denominator. This is
    exact and several times as fast as adding fractions.
    """

    def __init__(self, shape: str, centre: Any, spread: Any, queries: Any, cost: Any) -> None:
        """The set and the measurements.

        Args:
            shape: "box", "ellipsoid" or "polytope" (bounded by its box).
            centre: (d,).
            spread: (d,).
            queries: Q, (k, d).
            cost: c, (d,).
        """
        self._ellipsoid = shape == "ellipsoid"
        self._middle, self._width, self._price = _integers(centre), _integers(spread), _integers(cost)
        entries, self._query_bits = _integers(queries)
        rows = (entries[first : first + len(self._price[0])] for first in range(0, len(entries), len(self._price[0])))
        # Most entries are 0: a measurement is the numbers of its variables and their entries.
        self._queries = [[(j, entry) for j, entry in enumerate(row) if entry] for row in rows]

    def shortfall(self, direction: Any, multipliers: Any) -> Fraction:
        """How far below 0 d'c' may be; 0 if it is proved not to be below 0.

        Args:
            direction: d, (d,).
            multipliers: lam, (k,).

        Returns:
            For ellipsoids the shortfall is a number that is 0 exactly where the bound is proved.
        """
        (lam, lam_bits), (towards, towards_bits) = _integers(multipliers), _integers(direction)
        (price, price_bits), (middle, middle_bits), (width, width_bits) = self._price, self._middle, self._width
        # What is left of d, r = d - Q'lam, in units of 2**-rest_bits; products with it in units of 2**-bits.
        rest_bits = max(lam_bits + self._query_bits, towards_bits)
        bits = rest_bits + max(price_bits, middle_bits, width_bits)
        rest, known = [one << (rest_bits - towards_bits) for one in towards], 0
        for weight, query in zip(lam, self._queries, strict=True):
            for j, entry in query if weight else ():
                part = weight * entry << (rest_bits - lam_bits - self._query_bits)
                rest[j] -= part
                known += part * price[j]
        known <<= bits - rest_bits - price_bits
        known += _product(rest, middle) << (bits - rest_bits - middle_bits)
        if self._ellipsoid:
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
