"""The bound over a fibre in integers is the bound in fractions, written here once more from its formula."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from palaestra.theory.acquisition.fibre_bound import FibreBound

NUMBERS = st.one_of(st.integers(-3, 3).map(float), st.floats(-1e9, 1e9), st.sampled_from([5e-324, -1e-300, 0.1, -0.0]))


def in_fractions(
    shape: str, centre: Any, spread: Any, queries: Any, cost: Any, direction: Any, multipliers: Any
) -> Fraction:
    """lam'Qc + r'centre less the width of the set along r = d - Q'lam."""
    lam, price = [Fraction(one) for one in multipliers], [Fraction(one) for one in cost]
    rows = [[Fraction(one) for one in row] for row in queries]
    rest = [Fraction(d) - sum(w * row[j] for w, row in zip(lam, rows, strict=True)) for j, d in enumerate(direction)]
    known = sum(w * q * c for w, row in zip(lam, rows, strict=True) for q, c in zip(row, price, strict=True))
    least = Fraction(known + sum(r * Fraction(m) for r, m in zip(rest, centre, strict=True)))
    along = [abs(r) * Fraction(s) for r, s in zip(rest, spread, strict=True)]
    if shape != "ellipsoid":
        return max(Fraction(0), sum(along, Fraction(0)) - least)
    square = sum((a * a for a in along), Fraction(0))
    return Fraction(0) if least >= 0 and least**2 >= square else Fraction(float(square) ** 0.5) - least


@st.composite
def problems(draw: st.DrawFn) -> tuple[Any, ...]:
    """A set, measurements, a cost, a direction and multipliers, of tiny and of huge numbers side by side."""
    dimension, count = draw(st.integers(1, 4)), draw(st.integers(0, 3))
    vector = st.lists(NUMBERS, min_size=dimension, max_size=dimension)
    widths = draw(vector.map(lambda values: [abs(value) for value in values]))
    queries = draw(st.lists(vector, min_size=count, max_size=count))
    multipliers = draw(st.lists(NUMBERS, min_size=count, max_size=count))
    shape = draw(st.sampled_from(["box", "ellipsoid", "polytope"]))
    return shape, draw(vector), widths, queries, draw(vector), draw(vector), multipliers


@given(problems())
def test_integers_give_the_very_fraction(problem: tuple[Any, ...]) -> None:
    *known, direction, multipliers = problem
    assert FibreBound(*known).shortfall(direction, multipliers) == in_fractions(*problem)


def test_a_shortfall_of_the_last_bit_is_seen() -> None:
    """0.1 + 0.2 lies above 0.3 by 2**-55 in fractions, and by what floats round it to in floats."""
    bound = FibreBound("box", [0.0, 0.0, 0.0], [0.1, 0.2, 0.0], [[0.0, 0.0, 1.0]], [0.0, 0.0, 0.3])
    short = bound.shortfall([1, 1, 1], [1])
    assert short == Fraction(0.1) + Fraction(0.2) - Fraction(0.3) != Fraction(0.1 + 0.2 - 0.3)


def test_multipliers_that_are_fewer_than_measurements_are_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        FibreBound("box", [0.0], [1.0], [[1.0], [1.0]], [0.0]).shortfall([1.0], [1.0])
