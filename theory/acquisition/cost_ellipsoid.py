"""An ellipsoid of costs, with minima and decoding in closed form."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from .cost_set import CostSet


class CostEllipsoid(CostSet):
    """{c : (c - centre)' S^-1 (c - centre) < 1}.

    Args:
        centre: (d,).
        shape: Half-axes along the coordinates, (d,), S = diag(shape^2); or S itself, (d, d), positive definite.

    Raises:
        PalaestraError: Half-axes that are not positive, or S that is not symmetric and positive definite.
    """

    def __init__(self, centre: Any, shape: Any) -> None:
        self.centre, shape = np.asarray(centre, np.float64), np.asarray(shape, np.float64)
        if self.centre.ndim != 1 or shape.shape not in (self.centre.shape, self.centre.shape * 2):
            raise PalaestraError(
                f"An ellipsoid with centre {self.centre.shape} and shape {shape.shape}: give (d,) with (d,) or (d, d)."
            )
        if shape.ndim == 1:
            if not (np.isfinite(shape) & (shape > 0)).all():
                raise PalaestraError(
                    f"The uncertainty set is empty or flat: half-axis {int(np.argmin(shape > 0))} is not positive."
                )
            self.root = np.diag(shape)
        else:
            try:
                if not np.allclose(shape, shape.T):
                    raise np.linalg.LinAlgError("it is not symmetric")
                self.root = np.linalg.cholesky(shape)
            except np.linalg.LinAlgError as error:
                raise PalaestraError(
                    f"The uncertainty set is empty or flat: S is not positive definite ({error})."
                ) from error
        self.spread = np.sqrt((self.root**2).sum(1))
        self._axes = shape.ndim == 1

    @property
    def hull(self) -> tuple[Array, Array]:
        """Centre -+ sqrt(S_ii)."""
        return self.centre - self.spread, self.centre + self.spread

    def inequalities(self) -> tuple[Array, Array]:
        """An ellipsoid has none.

        Raises:
            PalaestraError: Always.
        """
        raise PalaestraError(
            "An ellipsoid has no linear inequalities. List the vertices of X instead, or take its hull."
        )

    def shrunk(self, margin: float) -> CostEllipsoid:
        """The ellipsoid scaled by 1 - margin about its centre."""
        return CostEllipsoid(self.centre, (1.0 - margin) ** 2 * (self.root @ self.root.T))

    def contains(self, cost: Array, slack: float = 1e-9) -> bool:
        """Whether the distance from the centre is at most 1."""
        return bool(np.linalg.norm(np.linalg.solve(self.root, cost - self.centre)) <= 1.0 + slack)

    def least(self, direction: Array, queries: Array, answers: Array) -> tuple[float, Array]:
        """In closed form (sheet C(b)): the fibre is a ball around its point nearest to the centre."""
        values, points = self.least_of_many(np.asarray(direction, np.float64)[None], queries, answers)
        return float(values[0]), points[0]

    def least_of_many(self, directions: Array, queries: Array, answers: Array) -> tuple[Array, Array]:
        """`least` for each of (J, d) directions: (J,) values and (J, d) points."""
        near, basis, radius = self._ball(queries, answers)
        scaled = directions @ self.root
        along = scaled - (scaled @ basis) @ basis.T
        length = np.linalg.norm(along, axis=1, keepdims=True)
        # A direction that the queries span has no component left but rounding: it does not move.
        moves = length > 1e-9 * np.linalg.norm(scaled, axis=1, keepdims=True)
        step = np.where(moves, along / np.where(moves, length, 1.0), 0.0)
        points = near - radius * step
        costs = self.centre + points @ self.root.T
        return np.asarray((directions * costs).sum(1)), costs

    def _ball(self, queries: Array, answers: Array) -> tuple[Array, Array, float]:
        """The fibre in the coordinates where C is the unit ball: its centre, the queries' orthonormal basis, radius."""
        queries, answers = self.checked_queries(queries, answers)
        left, sizes, right = np.linalg.svd(queries @ self.root, full_matrices=False)
        rank = int((sizes > 1e-9 * sizes.max(initial=0.0)).sum())
        basis = right[:rank].T
        near = basis @ ((left[:, :rank].T @ (answers - queries @ self.centre)) / sizes[:rank])
        left_over = 1.0 - float(near @ near)
        if left_over < -1e-6:
            raise PalaestraError(f"No cost of the uncertainty set gives the answers {answers}: the fibre is empty.")
        return near, basis, float(np.sqrt(max(left_over, 0.0)))

    def decode(self, queries: Array, answers: Array) -> Array:
        """The point of the fibre nearest to the centre; where noise moves it outside C, the least-squares fit in C."""
        queries, answers = self.checked_queries(queries, answers)
        if self._axes:
            point = self.nearest(queries, answers)
            fits = (np.abs(queries @ point - answers) <= 1e-9 * (1.0 + np.abs(answers))).all()
            if fits and self.contains(point):
                return point
        scaled, target = queries @ self.root, answers - queries @ self.centre
        left, sizes, right = np.linalg.svd(scaled, full_matrices=False)
        rank = int((sizes > 1e-9 * sizes.max(initial=0.0)).sum())
        sizes, parts = sizes[:rank], (left.T @ target)[:rank]
        low, high = 0.0, 1.0

        def reached(ridge: float) -> float:
            return float(np.linalg.norm(parts * sizes / (sizes**2 + ridge)))

        if reached(0.0) > 1.0:  # the secular equation |z(ridge)| = 1, by bisection
            while reached(high) > 1.0:
                high *= 2.0
            for _ in range(200):
                middle = 0.5 * (low + high)
                low, high = (middle, high) if reached(middle) > 1.0 else (low, middle)
            low = high
        inside: Array = self.centre + self.root @ (right[:rank].T @ (parts * sizes / (sizes**2 + low)))
        return inside
