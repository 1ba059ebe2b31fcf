"""MinimalDataSet: the smallest set of measurements that makes every decision certain, bought at once.

Source: Bennouna, Bennouna, Amin, Ozdaglar (arXiv 2505.21692, Algorithm 2; the cheapest selection: arXiv 2602.15365).
1. W*, the span of the differences of decisions that are optimal for some cost of the uncertainty set: mixed-integer
   programs (`theory.acquisition.minimal_data_set`, our reconstruction).
2. Free directions: buy a basis of W*. A menu: the fewest items whose span holds W*, or with `by="price"` the cheapest
   (`theory.acquisition.least_cost_data_set`).
3. Commit.

If the menu does not span W*, it buys everything, because no data set from the menu is sufficient. With noise the
decision is only as good as the answers. Cost: at most 2 (d* + 1) mixed-integer programs for each different problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...theory.acquisition.cost_set import CostSet
from ...theory.acquisition.least_cost_data_set import least_cost_data_set
from ...theory.acquisition.linear_program import LinearProgram
from ...theory.acquisition.minimal_data_set import minimal_data_set
from .data_buyer import DataBuyer


class MinimalDataSet(DataBuyer):
    """Buys a sufficient data set of least size or price.

    Args:
        by: "count" or "price".
    """

    def __init__(self, by: Literal["count", "price"] = "count") -> None:
        self.by = by

    def choose_measurement(self, lane: int, seen: Mapping[str, Array], program: LinearProgram, costs: CostSet) -> Any:
        """The next measurement of the plan."""
        prices = self.prices(lane, seen)
        weigh = prices if self.by == "price" else np.ones_like(prices)
        plan = self.cached_plan(lane, seen, lambda: self._plan(program, costs, weigh), weigh)
        step = int(self.steps[lane])
        return plan[step] if step < len(plan) else None

    def _plan(self, program: LinearProgram, costs: CostSet, prices: Array) -> Array:
        wanted = minimal_data_set(program, costs).directions
        if self.menu is None:
            return wanted
        try:
            return least_cost_data_set(wanted, self.menu, prices, costs.known)
        except PalaestraError as error:
            if "span" not in str(error):
                raise
            return np.arange(len(self.menu))
