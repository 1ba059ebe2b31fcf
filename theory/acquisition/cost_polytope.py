"""A polytope of costs, given by inequalities."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from .linear_cost_set import LinearCostSet
from .linear_minimum import linear_minimum


class CostPolytope(LinearCostSet):
    """The interior of {c : Gc <= h}.

    Args:
        matrix: G, (r, d).
        rhs: h, (r,).
        centre: A point strictly inside; by default the centre of a largest ball, by a linear program.
        hull: Lower and upper ends of the smallest box around the set; by default from 2d linear programs.

    Raises:
        PalaestraError: An empty, flat or unbounded set, or a centre that is not strictly inside.
    """

    def __init__(self, matrix: Any, rhs: Any, centre: Any = None, hull: Any = None) -> None:
        self.matrix, self.rhs = np.asarray(matrix, np.float64), np.asarray(rhs, np.float64)
        if self.matrix.ndim != 2 or self.rhs.shape != self.matrix.shape[:1]:
            raise PalaestraError(f"G has shape {self.matrix.shape} and h {self.rhs.shape}: they are (r, d) and (r,).")
        self.centre = self._middle() if centre is None else np.asarray(centre, np.float64)
        gap = self.rhs - self.matrix @ self.centre
        if not (gap > 0).all():
            raise PalaestraError(
                f"The centre breaks or touches inequality {int(np.argmin(gap))} of the uncertainty set, which is open."
            )
        self._hull = self._ends() if hull is None else (np.asarray(hull[0]), np.asarray(hull[1]))
        self.spread = 0.5 * (self._hull[1] - self._hull[0])

    @property
    def hull(self) -> tuple[Array, Array]:
        """As given, or by two linear programs per coordinate."""
        return self._hull

    def inequalities(self) -> tuple[Array, Array]:
        """G and h."""
        return self.matrix, self.rhs

    def shrunk(self, margin: float) -> CostPolytope:
        """The polytope scaled by 1 - margin about its centre."""
        gap = self.rhs - self.matrix @ self.centre
        hull = tuple(self.centre + (1.0 - margin) * (end - self.centre) for end in self._hull)
        return CostPolytope(self.matrix, self.rhs - margin * gap, self.centre, hull)

    def _middle(self) -> Array:
        length = np.linalg.norm(self.matrix, axis=1, keepdims=True)
        cost = np.append(np.zeros(self.matrix.shape[1]), -1.0)
        top = np.append(np.full(self.matrix.shape[1], np.inf), 1e9)
        found = linear_minimum(
            cost, below=(np.hstack([self.matrix, length]), self.rhs), bounds=(np.append(-top[:-1], 0.0), top)
        )
        if found.status != 0 or found.x[-1] <= 1e-9:
            raise PalaestraError("The uncertainty set is empty or flat: no cost meets every inequality strictly.")
        return found.x[:-1]

    def _ends(self) -> tuple[Array, Array]:
        ends = np.zeros((2, len(self.centre)))
        for j, row in enumerate(np.eye(len(self.centre))):
            for side, sign in enumerate((1.0, -1.0)):
                found = linear_minimum(sign * row, below=(self.matrix, self.rhs))
                if found.status != 0:
                    raise PalaestraError(f"The uncertainty set is unbounded in coordinate {j}. Add inequalities.")
                ends[side, j] = found.x[j]
        return ends[0], ends[1]
