"""BuyInOrder: buys the items of the menu in order, all of them (BuyAll) or none (CommitNow).

If directions are free it buys the coordinates. It does not read its observations.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...core.arrays import Array
from ...theory.acquisition.cost_set import CostSet
from ...theory.acquisition.linear_program import LinearProgram
from .data_buyer import DataBuyer


class BuyInOrder(DataBuyer):
    """Buys the first `count` items of the menu, in its order.

    Args:
        count: How many items; None for all.
    """

    def __init__(self, count: int | None = None) -> None:
        self.count = count

    def prepare(self) -> None:
        """Set the order in which each lane buys."""
        self.offered = len(self.menu) if self.menu is not None else self.public["dimension"]
        self.orders = np.tile(np.arange(self.offered), (self.lanes, 1))

    def choose_measurement(self, lane: int, seen: Mapping[str, Array], program: LinearProgram, costs: CostSet) -> Any:
        """The next item in the lane's order."""
        step = int(self.steps[lane])
        if step >= (self.offered if self.count is None else min(self.count, self.offered)):
            return None
        item = int(self.orders[lane, step])
        return item if self.menu is not None else np.eye(self.offered)[item]
