"""Assignment: n workers to n tasks at least cost."""

from __future__ import annotations

from itertools import permutations
from math import factorial

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from .linear_program import LinearProgram


class Assignment(LinearProgram):
    """Doubly stochastic matrices, in row order; the vertices are the permutations (Birkhoff 1946, von Neumann 1953).

    Args:
        size: n, at least 2. d = n^2.
    """

    def __init__(self, size: int = 4) -> None:
        if size < 2:
            raise PalaestraError(f"An assignment of size={size} leaves nothing to decide. Ask for at least 2.")
        self.size = size
        rows = np.kron(np.eye(size), np.ones(size))
        columns = np.kron(np.ones(size), np.eye(size))
        super().__init__(np.vstack([rows, columns[:-1]]), np.ones(2 * size - 1), binary=True, checked=True)

    def solve(self, costs: Array) -> Array:
        """The Hungarian method of scipy for each lane; it breaks ties by a fixed rule."""
        from scipy.optimize import linear_sum_assignment

        costs = np.asarray(costs, np.float64)
        found = np.zeros_like(costs)
        for plan, cost in zip(found, costs, strict=True):
            row, column = linear_sum_assignment(cost.reshape(self.size, self.size))
            plan[row * self.size + column] = 1.0
        return found

    @property
    def largest(self) -> Array:
        """1 everywhere: every pair can be matched."""
        return np.ones(self.dimension)

    @property
    def vertex_count(self) -> int:
        """The number of permutations."""
        return factorial(self.size)

    @property
    def _listed(self) -> Array:
        return np.array([np.eye(self.size)[list(order)].ravel() for order in permutations(range(self.size))])
