"""The options of DataAcquisition-v0 in three records: which program, what is known of its costs, what is on offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...theory.acquisition.priors import Shape
from .program_family import FamilyName


@dataclass(frozen=True)
class ProgramSettings:
    """Which linear program is decided.

    Attributes:
        family: "path", "hiring", "assignment", "transport" or "polytope".
        size: Size of the family: nodes per side, candidates, workers, places, variables.
    """

    family: FamilyName = "hiring"
    size: int = 8


@dataclass(frozen=True)
class CostSettings:
    """What is known of the costs before anything is bought.

    Attributes:
        uncertainty: "box", "ellipsoid" or "polytope" (a box cut by a budget).
        prior: "own", "common", "corridor" (paths), or {"centre": [...], "spread": [...]}.
        width: Greatest spread of drawn priors, whose centres are uniform on (1, 2); at most 1.
        contexts: Dimension of the features that predict costs; 0: none. Not with prior="own".
        history: How many past pairs of features and costs are public.
        world: Seed of what lanes have in common.
    """

    uncertainty: Shape = "box"
    prior: str | Mapping[str, Sequence[float]] = "own"
    width: float = 0.5
    contexts: int = 0
    history: int = 100
    world: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.width <= 1:
            raise PalaestraError(f"width={self.width} is not allowed: a prior's spread lies in (0, 1].")
        if self.contexts < 0 or (self.contexts and self.prior == "own"):
            raise PalaestraError(
                f"contexts={self.contexts} with prior={self.prior!r}: give 0 or more, and prior='common' with them, "
                "because past pairs describe one world that all lanes share."
            )
        if self.contexts and self.history < 1:
            raise PalaestraError(f"history={self.history} is not allowed. Ask for at least one past pair.")
        if self.uncertainty not in ("box", "ellipsoid", "polytope"):
            raise PalaestraError(
                f"There is no uncertainty set {self.uncertainty!r}. Allowed: 'box', 'ellipsoid', 'polytope'."
            )


@dataclass(frozen=True)
class PurchaseSettings:
    """What measurements are on offer, and how the decision is made.

    Attributes:
        menu: "coordinates", "differences", "free", or a list of measurements.
        price: Price of a measurement; in a menu, prices are uniform within half of it, for each lane.
        noise: Standard deviation of an answer's noise.
        decide: "decoder", or "estimate" where actions carry a cost vector to decide by.
        horizon: Steps of an episode; default: enough to buy everything.
    """

    menu: str | Sequence[Sequence[float]] = "coordinates"
    price: float = 0.02
    noise: float = 0.0
    decide: Literal["decoder", "estimate"] = "decoder"
    horizon: int | None = None

    def __post_init__(self) -> None:
        if not self.price >= 0 or not self.noise >= 0:
            raise PalaestraError(f"price={self.price}, noise={self.noise} are not allowed: give numbers from 0.")
        if self.decide not in ("decoder", "estimate"):
            raise PalaestraError(f"decide={self.decide!r} is not allowed. Choose 'decoder' or 'estimate'.")
        if self.horizon is not None and self.horizon < 1:
            raise PalaestraError(f"horizon={self.horizon} is not allowed. Ask for at least one step.")

    def measurements(self, dimension: int) -> Array | None:
        """The rows of the menu, (N, dimension); None where any direction may be asked.

        Raises:
            PalaestraError: An unknown name, or rows of another dimension, not finite, or zero.
        """
        return _measurements(self.menu, dimension)


def _measurements(menu: str | Sequence[Sequence[float]], dimension: int) -> Array | None:
    """Rows of a menu; those of "differences" are the coordinates, then e_i - e_j for i < j."""
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
        raise PalaestraError(
            f"The menu has shape {rows.shape}; measurements of this program have {dimension} entries. Give rows of "
            f"{dimension} numbers."
        )
    wrong = ~np.isfinite(rows).all(1) | (rows == 0).all(1)
    if wrong.any():
        raise PalaestraError(f"Measurement {int(np.flatnonzero(wrong)[0])} of the menu is zero or not finite. Drop it.")
    checked: Array = rows
    return checked
