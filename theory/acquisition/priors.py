"""What a lane knows before measuring: a cost set from its shape, centre and spread."""

from __future__ import annotations

from typing import Literal

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from .cost_box import CostBox
from .cost_ellipsoid import CostEllipsoid
from .cost_polytope import CostPolytope
from .cost_set import CostSet

Shape = Literal["box", "ellipsoid", "polytope"]

BUDGET = 0.25
"""Of the polytope: the deviations in units of the spread add up to at most this times d, in either direction."""


def cost_set(shape: Shape, centre: Array, spread: Array) -> CostSet:
    """The uncertainty set with the given centre and half-widths.

    Args:
        shape: "box"; "ellipsoid", the sum of squared deviations in units of the spread below 1; or "polytope", the box
            cut by |sum of deviations in units of the spread| < d / 4.
        centre: (d,).
        spread: (d,); 0 only in a box.
    """
    centre, spread = np.asarray(centre, np.float64), np.asarray(spread, np.float64)
    if shape == "box":
        return CostBox(centre - spread, centre + spread)
    if shape == "ellipsoid":
        return CostEllipsoid(centre, spread)
    if shape != "polytope":
        raise PalaestraError(f"There is no uncertainty set {shape!r}. Allowed: 'box', 'ellipsoid', 'polytope'.")
    if not (spread > 0).all():
        raise PalaestraError(f"The uncertainty set is flat: coordinate {int(np.argmin(spread > 0))} has no spread.")
    if len(centre) < 2:
        raise PalaestraError("A budget needs at least two costs.")
    unit, budget = np.eye(len(centre)), 1.0 / spread
    matrix = np.vstack([unit, -unit, budget, -budget])
    reach = float(budget @ centre)
    room = BUDGET * len(centre)
    rhs = np.concatenate([centre + spread, spread - centre, [reach + room, room - reach]])
    # One coordinate may go to its end while others make up for it, so the hull is the box.
    return CostPolytope(matrix, rhs, centre, (centre - spread, centre + spread))
