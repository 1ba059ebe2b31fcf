"""Transport: goods from places of supply to places of demand at least cost."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.errors import PalaestraError
from .linear_program import LinearProgram


class Transport(LinearProgram):
    """Plans x >= 0, (supplies, demands) in row order, with given sums of rows and columns.

    Args:
        supplies: What each source has.
        demands: What each sink needs; the sums must be equal.
    """

    def __init__(self, supplies: Any = (5, 8), demands: Any = (2, 4, 7)) -> None:
        supplies, demands = np.asarray(supplies, np.float64), np.asarray(demands, np.float64)
        if not ((supplies > 0).all() and (demands > 0).all()) or abs(supplies.sum() - demands.sum()) > 1e-9:
            raise PalaestraError(
                f"Supplies {supplies} and demands {demands} must be positive with equal sums, "
                f"not {supplies.sum()} and {demands.sum()}."
            )
        rows = np.kron(np.eye(len(supplies)), np.ones(len(demands)))
        columns = np.kron(np.ones(len(supplies)), np.eye(len(demands)))
        super().__init__(np.vstack([rows, columns[:-1]]), np.concatenate([supplies, demands[:-1]]))
