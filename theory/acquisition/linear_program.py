"""A linear program min c'x over X = {x : Ax = b, 0 <= x <= upper}, with costs c given later."""

from __future__ import annotations

from functools import cached_property
from itertools import combinations
from math import comb
from typing import Any

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from .linear_minimum import linear_minimum

STATUS = {2: "infeasible: no x meets Ax = b and the bounds", 3: "unbounded: x may grow without end"}


class LinearProgram:
    """The feasible set, checked to be nonempty and bounded, and its minimisers.

    Args:
        matrix: A, (m, d), of full row rank.
        rhs: b, (m,).
        upper: Upper bounds of x, (d,), infinite where there is none (the default).
        binary: Whether every vertex is a vector of zeros and ones, as for paths and assignments; not tested.
        checked: Whether the set is known to be nonempty and bounded; skips the two programs that test it.

    Raises:
        PalaestraError: Shapes that do not fit, numbers that are not finite, an empty or an unbounded set.
    """

    def __init__(
        self, matrix: Any, rhs: Any, upper: Any = None, *, binary: bool = False, checked: bool = False
    ) -> None:
        self.matrix = np.asarray(matrix, np.float64)
        self.rhs = np.asarray(rhs, np.float64)
        if self.matrix.ndim != 2 or self.rhs.shape != self.matrix.shape[:1]:
            raise PalaestraError(
                f"A has shape {self.matrix.shape} and b {self.rhs.shape}. A is (m, d), and b has one number a row."
            )
        self.dimension = int(self.matrix.shape[1])
        self.upper = np.full(self.dimension, np.inf) if upper is None else np.asarray(upper, np.float64)
        if self.upper.shape != (self.dimension,) or not (self.upper > 0).all():
            raise PalaestraError(
                f"The upper bounds are {self.upper}. Give one positive number for each of {self.dimension}."
            )
        if not (np.isfinite(self.matrix).all() and np.isfinite(self.rhs).all()):
            raise PalaestraError("A and b hold numbers that are not finite.")
        self.binary = binary
        if not checked:
            self._minimum(-np.ones(self.dimension))
            if np.linalg.matrix_rank(self.matrix) < len(self.matrix):
                raise PalaestraError("The rows of A are dependent. Leave out those that follow from the others.")

    @property
    def free_dimension(self) -> int:
        """The dimension of {x : Ax = 0}, which bounds d*."""
        return self.dimension - int(self.matrix.shape[0])

    def solve(self, costs: Array) -> Array:
        """A vertex that minimises each cost. Lanes are solved one by one, so that none depends on the others.

        Args:
            costs: (lanes, d).

        Returns:
            (lanes, d).
        """
        return np.array([self._minimum(cost) for cost in np.asarray(costs, np.float64)])

    def minimiser(self, cost: Array) -> Array:
        """A vertex that minimises one cost (d,)."""
        best: Array = self.solve(np.asarray(cost, np.float64)[None])[0]
        return best

    def _minimum(self, cost: Array) -> Array:
        if cost.shape != (self.dimension,):
            raise PalaestraError(f"A cost of shape {cost.shape} was given for a program of {self.dimension} variables.")
        found = linear_minimum(cost, (self.matrix, self.rhs), bounds=(0.0, self.upper))
        if found.status != 0:
            raise PalaestraError(f"The program is {STATUS.get(found.status, found.message)}.")
        return found.x

    @cached_property
    def largest(self) -> Array:
        """The greatest value of each variable on X, (d,)."""
        return -np.array([-self.minimiser(-row)[i] for i, row in enumerate(np.eye(self.dimension))])

    @property
    def vertex_count(self) -> int:
        """An upper bound on the number of vertices, and so on the work of listing them."""
        finite = int(np.isfinite(self.upper).sum())
        return comb(self.dimension + finite, len(self.matrix) + finite)

    def vertices(self, most: int = 200_000) -> Array:
        """Every vertex, (V, d): all bases are tried.

        Raises:
            PalaestraError: More than `most` bases to try.
        """
        if self.vertex_count > most:
            raise PalaestraError(f"Listing vertices would try up to {self.vertex_count:,} bases; {most:,} are allowed.")
        return self._listed

    @cached_property
    def _listed(self) -> Array:
        bounded = np.flatnonzero(np.isfinite(self.upper))
        rows, d = len(self.matrix), self.dimension
        slack = np.zeros((len(bounded), d + len(bounded)))
        slack[np.arange(len(bounded)), bounded] = 1.0
        slack[np.arange(len(bounded)), d + np.arange(len(bounded))] = 1.0
        matrix = np.vstack([np.hstack([self.matrix, np.zeros((rows, len(bounded)))]), slack])
        rhs = np.concatenate([self.rhs, self.upper[bounded]])
        found: dict[tuple[float, ...], Array] = {}
        for basis in combinations(range(matrix.shape[1]), len(matrix)):
            columns = matrix[:, basis]
            if abs(np.linalg.det(columns)) < 1e-9:
                continue
            values = np.linalg.solve(columns, rhs)
            if (values >= -1e-9).all():
                whole = np.zeros(matrix.shape[1])
                whole[list(basis)] = np.maximum(values, 0.0)
                found.setdefault(tuple(np.round(whole[:d], 7)), whole[:d])
        return np.array(list(found.values()))
