"""Cost sets given by linear inequalities: minima and decoding by linear programs."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from .cost_set import CostSet
from .linear_minimum import linear_minimum


class LinearCostSet(CostSet):
    """The common part of boxes and polytopes. A subclass sets `centre`, `spread`, `hull` and `inequalities`."""

    def contains(self, cost: Array, slack: float = 1e-9) -> bool:
        """Whether every inequality holds."""
        matrix, rhs = self.inequalities()
        unit = np.abs(matrix) @ np.where(self.known, 1.0, self.spread)
        return bool((matrix @ cost <= rhs + slack * unit).all())

    def least(self, direction: Array, queries: Array, answers: Array) -> tuple[float, Array]:
        """By a linear program."""
        queries, answers = self.checked_queries(queries, answers)
        found = self._solve(np.asarray(direction, np.float64), queries, answers)
        if found is None:
            raise PalaestraError(f"No cost of the uncertainty set gives the answers {answers}: the fibre is empty.")
        return float(found @ direction), found

    def decode(self, queries: Array, answers: Array) -> Array:
        """The point nearest to the centre if it is in C; otherwise a point that minimises the maximum deviation.

        The deviation is from the answers. Among several such points, it is one with the smallest maximum distance from
        the centre, in units of the spread. Both are linear programs.
        """
        queries, answers = self.checked_queries(queries, answers)
        point = self.nearest(queries, answers)
        if self.contains(point) and (np.abs(queries @ point - answers) <= 1e-9 * (1.0 + np.abs(answers))).all():
            return point
        misfit = self._chebyshev(np.eye(self.dimension)[:0], queries, answers, np.zeros(0), None)[1]
        return self._chebyshev(np.eye(self.dimension), queries, answers, self.centre, misfit)[0]

    def _chebyshev(
        self, near: Array, queries: Array, answers: Array, target: Array, misfit: float | None
    ) -> tuple[Array, float]:
        """Min t over c in C: |Qc - o| <= t; or, with that t as `misfit`, |c - centre| <= t spread."""
        matrix, rhs = self.inequalities()
        zero = np.zeros((len(matrix), 1))
        unit = np.ones((len(queries), 1)) if misfit is None else np.zeros((len(queries), 1))
        slack = 0.0 if misfit is None else misfit + 1e-9 * (1.0 + np.abs(answers).max(initial=0.0))
        width = self.spread[:, None] if misfit is not None else np.zeros((len(near), 1))
        left = np.vstack(
            [
                np.hstack([matrix, zero]),
                np.hstack([queries, -unit]),
                np.hstack([-queries, -unit]),
                np.hstack([near, -width]),
                np.hstack([-near, -width]),
            ]
        )
        right = np.concatenate([rhs, answers + slack, slack - answers, target, -target])
        cost = np.append(np.zeros(self.dimension), 1.0)
        found = linear_minimum(cost, below=(left, right))
        if found.status != 0:
            raise PalaestraError(f"The answers {answers} could not be decoded ({found.message}).")
        return found.x[:-1], float(found.x[-1])

    def _solve(self, direction: Array, queries: Array, answers: Array) -> Array | None:
        found = linear_minimum(direction, (queries, answers), self.inequalities())
        return None if found.status == 2 else found.x
