"""CumulativeDataSet: buys the measurements that past costs would have needed.

Source: Ye, Amin, Ozdaglar (COLT 2026, arXiv 2603.18551), Algorithm 2 (`theory.acquisition.cumulative_data_set`): the
pointwise algorithm over the public past, warm-started; by Theorem 23 what it finds decides the next cost with a
probability that grows with the number of past costs. Without a public past it draws 4 costs for each different
problem, uniform on the uncertainty set's box and moved towards its centre until they lie inside.

From a menu it buys the cheapest items that span the directions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...core.arrays import Array, backend
from ...core.errors import PalaestraError
from ...core.randomness import Draw, lane_keys
from ...theory.acquisition.cost_set import CostSet
from ...theory.acquisition.cumulative_data_set import cumulative_data_set
from ...theory.acquisition.least_cost_data_set import least_cost_data_set
from ...theory.acquisition.linear_program import LinearProgram
from .data_buyer import DataBuyer


class CumulativeDataSet(DataBuyer):
    """Buys D_n, the data set of n past costs.

    Args:
        made: How many costs are drawn if the past is not public.
    """

    def __init__(self, made: int = 4) -> None:
        self.made = made

    def choose_measurement(self, lane: int, seen: Mapping[str, Array], program: LinearProgram, costs: CostSet) -> Any:
        """The next measurement of the data set."""
        prices = self.prices(lane, seen)
        plan = self.cached_plan(lane, seen, lambda: self._plan(program, costs, prices), prices)
        step = int(self.steps[lane])
        return plan[step] if step < len(plan) else None

    def _plan(self, program: LinearProgram, costs: CostSet, prices: Array) -> Array:
        directions = cumulative_data_set(program, costs, self._past(costs)).directions
        if self.menu is None:
            return directions
        try:
            return least_cost_data_set(directions, self.menu, prices, costs.known)
        except PalaestraError as error:
            if "span" not in str(error):
                raise
            return np.arange(len(self.menu))

    def _past(self, costs: CostSet) -> Array:
        if self.public["history"] is not None:
            return np.asarray(self.public["history"]["costs"])
        unit = Draw(lane_keys([0], backend()), -1, backend()).uniform("past", (self.made, costs.dimension), -1.0, 1.0)
        past = costs.centre + costs.spread * unit[0]
        for i in range(self.made):
            while not costs.contains(past[i], 0.0):
                past[i] = costs.centre + 0.8 * (past[i] - costs.centre)
        return past
