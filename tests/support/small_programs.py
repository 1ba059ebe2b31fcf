"""Small linear programs and cost sets, and their vertices listed one by one, for tests of data acquisition."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from palaestra.theory.acquisition.cost_box import CostBox
from palaestra.theory.acquisition.cost_ellipsoid import CostEllipsoid
from palaestra.theory.acquisition.grid_path import GridPath
from palaestra.theory.acquisition.linear_program import LinearProgram
from scipy.optimize import linprog

LOWER = np.array([0, 0.2, 1, 1.4, 1.6, 2, 3.2, 4])
UPPER = LOWER + np.array([0.9, 0.7, 0.95, 0.8, 0.9, 0.7, 0.5, 0.5])


def random_polytope(rng: Any, rows: int = 2, columns: int = 5) -> LinearProgram:
    matrix = rng.uniform(0.2, 1.0, (rows, columns))
    return LinearProgram(matrix, matrix @ rng.uniform(0.5, 1.5, columns))


def listed_vertices(program: LinearProgram) -> Any:
    """Every basic feasible solution, tried one by one."""
    rows, columns = program.matrix.shape
    found = []
    for basis in combinations(range(columns), rows):
        square = program.matrix[:, basis]
        if abs(np.linalg.det(square)) > 1e-10:
            x = np.zeros(columns)
            x[list(basis)] = np.linalg.solve(square, program.rhs)
            if (x > -1e-10).all():
                found.append(x)
    return np.array(found)


def reachable(vertices: Any, i: int, box: CostBox, slack: float = 1e-3) -> bool:
    """Whether some cost strictly inside the box makes vertex i optimal: a linear program over costs."""
    inner: Any = np.stack([box.lower + slack * box.spread, box.upper - slack * box.spread], axis=1)
    others = np.delete(vertices, i, axis=0)
    found = linprog(np.zeros(box.dimension), A_ub=vertices[i] - others, b_ub=np.zeros(len(others)), bounds=inner)
    return bool(found.status == 0)


def box_around(rng: Any, d: int, width: float) -> CostBox:
    centre = rng.uniform(1.0, 2.0, d)
    spread = width * rng.uniform(0.3, 1.0, d)
    return CostBox(centre - spread, centre + spread)


def corridor() -> tuple[GridPath, CostEllipsoid]:
    program = GridPath(5)
    return program, CostEllipsoid(np.where(program.corridor(), 10.0, 100.0), np.ones(program.dimension))
