"""Families of programs by name and size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ...core.errors import PalaestraError
from ...theory.acquisition.assignment import Assignment
from ...theory.acquisition.grid_path import GridPath
from ...theory.acquisition.hiring import Hiring
from ...theory.acquisition.linear_program import LinearProgram
from ...theory.acquisition.transport import Transport

FamilyName = Literal["path", "hiring", "assignment", "transport", "polytope"]


@dataclass(frozen=True)
class Family:
    """What the rules need to know of a family.

    Attributes:
        program: The program of every lane, or None if each lane draws its own.
        dimension: d.
        rows: Number of equations.
        reach: An upper bound on the sum of |x - x'| over decisions x, x': regret is at most this times |c|.
        exact: Whether minima are found without a solver whose choice among ties may change with its version.
    """

    program: LinearProgram | None
    dimension: int
    rows: int
    reach: float
    exact: bool


def program_family(name: FamilyName, size: int) -> Family:
    """The family called `name`.

    Raises:
        PalaestraError: An unknown name, or a size too small for it.
    """
    if size < 2:
        raise PalaestraError(f"size={size} leaves nothing to decide. Ask for at least 2.")
    if name == "path":
        program: LinearProgram = GridPath(size)
        return Family(program, program.dimension, len(program.matrix), 4.0 * (size - 1), True)
    if name == "hiring":
        program = Hiring(size, size // 3 + 1)
        return Family(program, size, 1, 2.0 * (size // 3 + 1), True)
    if name == "assignment":
        program = Assignment(size)
        return Family(program, program.dimension, len(program.matrix), 2.0 * size, False)
    if name == "transport":
        # Neighbouring integers, so that no partial sums agree and plans are nondegenerate.
        supplies = size * (1.0 + np.arange(size)) + 1.0
        demands = np.full(size, supplies.sum() / size) + (np.arange(size) - (size - 1) / 2) * 0.7
        program = Transport(supplies, demands)
        return Family(program, program.dimension, len(program.matrix), 2.0 * float(supplies.sum()), False)
    if name == "polytope":
        return Family(None, size, size // 2, 2.0 * 15.0 * size, False)
    raise PalaestraError(
        f"There is no family {name!r}. Allowed: 'path', 'hiring', 'assignment', 'transport', 'polytope'."
    )
