"""The measurements on offer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError


def menu_of(menu: str | Sequence[Sequence[float]], dimension: int) -> Array | None:
    """The rows of a menu, (N, d); None where any direction may be asked.

    Args:
        menu: "coordinates", "differences" (coordinates, then e_i - e_j for i < j), "free", or rows.
        dimension: d.

    Raises:
        PalaestraError: An unknown name, or rows of another dimension, not finite, or zero.
    """
    if isinstance(menu, str):
        unit = np.eye(dimension)
        if menu == "free":
            return None
        if menu == "coordinates":
            return unit
        if menu == "differences":
            first, second = np.triu_indices(dimension, 1)
            return np.vstack([unit, unit[first] - unit[second]])
        raise PalaestraError(f"There is no menu {menu!r}. Allowed: 'coordinates', 'differences', 'free', or rows.")
    rows: Any = np.asarray(menu, np.float64)
    if rows.ndim != 2 or rows.shape[1] != dimension or len(rows) == 0:
        raise PalaestraError(f"The menu has shape {rows.shape}; measurements of this program have {dimension} entries.")
    wrong = ~np.isfinite(rows).all(1) | (rows == 0).all(1)
    if wrong.any():
        raise PalaestraError(f"Measurement {int(np.flatnonzero(wrong)[0])} of the menu is zero or not finite.")
    checked: Array = rows
    return checked
