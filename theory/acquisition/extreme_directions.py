"""The directions out of a vertex: if none of them lowers the cost, the vertex is optimal."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from .linear_minimum import linear_minimum
from .linear_program import LinearProgram

LISTED = 5_000
"""Vertices up to which they are listed."""


def extreme_directions(program: LinearProgram, vertex: Array) -> Array:
    """Directions that generate the cone of feasible directions at a vertex, (J, d).

    1. A nondegenerate vertex (as many variables strictly between their bounds as A has rows) has one edge per nonbasic
       variable j: e_j on the nonbasic (-e_j from an upper bound), -A_B^-1 A_j on the basic variables.
    2. A degenerate vertex, where several bases meet: the differences to all other vertices, if few enough to list.
    3. Otherwise the edges of one basis that is optimal after a small change of b that makes the program nondegenerate.
       Their cone contains all feasible directions but may be larger. So a vertex that passes is optimal, and one that
       fails may be optimal too: measuring along these directions is safe but may measure more than needed.
    """
    vertex = np.asarray(vertex, np.float64)
    scale = max(1.0, float(np.abs(vertex).max()))
    basic = (vertex > 1e-8 * scale) & (program.upper - vertex > 1e-8 * scale)
    if basic.sum() == len(program.matrix) and np.linalg.matrix_rank(program.matrix[:, basic]) == len(program.matrix):
        return _edges(program, vertex, basic)
    if program.vertex_count <= LISTED:
        steps = program.vertices(LISTED) - vertex
        return steps[np.abs(steps).max(1) > 1e-9 * scale]
    return _edges(program, vertex, _basis_nearby(program, vertex))


def _edges(program: LinearProgram, vertex: Array, basic: Array) -> Array:
    free = np.flatnonzero(~basic)
    sign = np.where(program.upper[free] - vertex[free] > vertex[free], 1.0, -1.0)
    steps = np.zeros((len(free), program.dimension))
    steps[np.arange(len(free)), free] = sign
    steps[:, basic] = -sign[:, None] * np.linalg.solve(program.matrix[:, basic], program.matrix[:, free]).T
    return np.where(np.abs(steps) < 1e-12, 0.0, steps)


def _basis_nearby(program: LinearProgram, vertex: Array) -> Array:
    """A basis of the vertex that is feasible after a small random move of b."""
    rng = np.random.default_rng(0)
    move = 1e-5 * rng.uniform(1.0, 2.0, program.dimension)
    upper = program.upper + 4e-5
    # A cost that the vertex alone minimises: 1 where it is at 0, -1 where it is at its upper bound.
    cost = np.where(vertex <= 1e-9, 1.0, np.where(program.upper - vertex <= 1e-9, -1.0, 0.0))
    cost = cost * rng.uniform(1.0, 2.0, program.dimension)
    found = linear_minimum(cost, (program.matrix, program.rhs + program.matrix @ move), bounds=(0.0, upper))
    basic: Array = (found.x > 1e-9) & (upper - found.x > 1e-9) if found.status == 0 else np.zeros(0, bool)
    if basic.sum() != len(program.matrix):
        raise PalaestraError("No basis of a degenerate vertex was found: the program is too badly scaled.")
    return basic
