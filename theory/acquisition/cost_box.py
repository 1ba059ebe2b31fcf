"""A box of costs: each coordinate is between two ends, independently of the others."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from .linear_cost_set import LinearCostSet
from .linear_minimum import linear_minimum


class CostBox(LinearCostSet):
    """{c : lower < c < upper}; a coordinate whose ends are equal is known.

    Args:
        lower: (d,).
        upper: (d,).

    Raises:
        PalaestraError: Ends that are not finite or in the wrong order; the coordinate is named.
    """

    def __init__(self, lower: Any, upper: Any) -> None:
        self.lower, self.upper = np.asarray(lower, np.float64), np.asarray(upper, np.float64)
        if self.lower.ndim != 1 or self.lower.shape != self.upper.shape:
            raise PalaestraError(
                f"The box's ends have shapes {self.lower.shape} and {self.upper.shape}; both are (d,)."
            )
        wrong = ~(np.isfinite(self.lower) & np.isfinite(self.upper) & (self.lower <= self.upper))
        if wrong.any():
            j = int(np.flatnonzero(wrong)[0])
            raise PalaestraError(
                f"The uncertainty set is empty or unbounded: coordinate {j} runs from {self.lower[j]} to "
                f"{self.upper[j]}. Give finite ends with lower <= upper."
            )
        self.centre = 0.5 * (self.lower + self.upper)
        self.spread = 0.5 * (self.upper - self.lower)

    @property
    def hull(self) -> tuple[Array, Array]:
        """The box itself."""
        return self.lower, self.upper

    def inequalities(self) -> tuple[Array, Array]:
        """C <= upper and -c <= -lower."""
        unit = np.eye(self.dimension)
        return np.vstack([unit, -unit]), np.concatenate([self.upper, -self.lower])

    def shrunk(self, margin: float) -> CostBox:
        """The box with every half-width times 1 - margin."""
        return CostBox(self.centre - (1.0 - margin) * self.spread, self.centre + (1.0 - margin) * self.spread)

    def least(self, direction: Array, queries: Array, answers: Array) -> tuple[float, Array]:
        """At a corner if only coordinates were measured; otherwise by a linear program."""
        queries, answers = self.checked_queries(queries, answers)
        direction = np.asarray(direction, np.float64)
        asked = queries != 0
        if (asked.sum(1) != 1).any():
            return super().least(direction, queries, answers)
        corner = np.where(direction > 0, self.lower, self.upper)
        corner[direction == 0] = self.centre[direction == 0]
        columns = np.argmax(asked, axis=1)
        corner[columns] = answers / queries[np.arange(len(queries)), columns]
        return float(corner @ direction), corner

    def _solve(self, direction: Array, queries: Array, answers: Array) -> Array | None:
        found = linear_minimum(direction, (queries, answers), bounds=(self.lower, self.upper))
        return None if found.status == 2 else found.x
