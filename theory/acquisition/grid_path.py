"""Shortest monotone paths on a square grid, from the top left corner to the bottom right one."""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import Any

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from .linear_program import LinearProgram


class GridPath(LinearProgram):
    """Unit flows on edges that go right or down; the vertices of X are the paths.

    Edges are numbered row by row: first the size (size - 1) that go right, then those that go down. The flow
    conservation of the last node follows from the others and is left out.

    Args:
        size: Nodes per side, at least 2. d = 2 size (size - 1).
    """

    def __init__(self, size: int = 5) -> None:
        if size < 2:
            raise PalaestraError(f"A grid of size={size} has no path. Ask for at least 2 nodes a side.")
        self.size = size
        self.right = np.arange(size * (size - 1)).reshape(size, size - 1)
        self.down = self.right.size + np.arange(size * (size - 1)).reshape(size - 1, size)
        nodes = np.arange(size * size).reshape(size, size)
        matrix = np.zeros((size * size, 2 * self.right.size))
        for edges, tails, heads in ((self.right, nodes[:, :-1], nodes[:, 1:]), (self.down, nodes[:-1], nodes[1:])):
            matrix[tails.ravel(), edges.ravel()] = 1.0
            matrix[heads.ravel(), edges.ravel()] = -1.0
        rhs = np.zeros(size * size)
        rhs[0] = 1.0
        super().__init__(matrix[:-1], rhs[:-1], binary=True, checked=True)

    def solve(self, costs: Array) -> Array:
        """Shortest paths by dynamic programming from the end, for all lanes at once; ties go right."""
        costs, n = np.asarray(costs, np.float64), self.size
        rest: dict[tuple[int, int], Array] = {(n - 1, n - 1): np.zeros(len(costs))}
        turns_right = np.zeros((n, n, len(costs)), bool)
        for i, j in sorted(np.ndindex(n, n), key=sum, reverse=True)[1:]:
            right = costs[:, self.right[i, j]] + rest[i, j + 1] if j < n - 1 else np.inf
            down = costs[:, self.down[i, j]] + rest[i + 1, j] if i < n - 1 else np.inf
            turns_right[i, j] = right <= down
            rest[i, j] = np.minimum(right, down)
        path, lanes = np.zeros_like(costs), np.arange(len(costs))
        row, column = np.zeros((2, len(costs)), np.int64)
        for _ in range(2 * (n - 1)):
            goes = turns_right[row, column, lanes]
            edge = np.where(goes, self.right[row, np.minimum(column, n - 2)], self.down[np.minimum(row, n - 2), column])
            path[lanes, edge] = 1.0
            row, column = row + ~goes, column + goes
        return path

    @property
    def largest(self) -> Array:
        """1 everywhere: every edge is on a path."""
        return np.ones(self.dimension)

    @property
    def vertex_count(self) -> int:
        """The number of paths: 2(size - 1) steps, of which size - 1 go right."""
        return comb(2 * self.size - 2, self.size - 1)

    @property
    def _listed(self) -> Array:
        steps, paths = 2 * (self.size - 1), np.zeros((self.vertex_count, self.dimension))
        for path, rights in zip(paths, combinations(range(steps), self.size - 1), strict=True):
            row = column = 0
            for step in range(steps):
                path[self.right[row, column] if step in rights else self.down[row, column]] = 1.0
                row, column = (row, column + 1) if step in rights else (row + 1, column)
        return paths

    def corridor(self) -> Array:
        """The edges of the band of the diagonal and superdiagonal unit squares, as a mask (d,): d* = 2 size - 3.

        With costs near 10 in the band and near 100 elsewhere, the best path stays in the band.
        """
        inside: Any = np.zeros(self.dimension, bool)
        squares = [(i, i) for i in range(self.size - 1)] + [(i, i + 1) for i in range(self.size - 2)]
        for i, j in squares:
            inside[[self.right[i, j], self.right[i + 1, j], self.down[i, j], self.down[i, j + 1]]] = True
        band: Array = inside
        return band
