"""PointwiseCertificate: measures until the decision is certain for the lane's own cost vector, then stops.

Source: Ye, Amin, Ozdaglar (COLT 2026, arXiv 2603.18551), Algorithm 1, with the facet-hit rule
(`theory.acquisition.pointwise`). In each step its anchor is the cost that the answers decode to, because the true cost
is not known, and it measures the edge that the segment to the worst cost of the fibre crosses first. From a menu it
buys, one after the other, the cheapest items that span that edge together with earlier purchases.

Assumptions: no noise (with noise, answers are first replaced by those of the decoded cost, and nothing is certain).
Cost: at most d* + 1 rounds of (d - m) minimisations over the fibre. If the menu does not span an edge it buys
everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...theory.acquisition.cost_set import CostSet
from ...theory.acquisition.least_cost_data_set import least_cost_data_set
from ...theory.acquisition.linear_program import LinearProgram
from ...theory.acquisition.pointwise import pointwise_step
from .data_buyer import DataBuyer


class PointwiseCertificate(DataBuyer):
    """Adaptive: every measurement depends on the answers so far."""

    def prepare(self) -> None:
        """No lane has items waiting to be bought."""
        self.queues: list[list[int]] = [[] for _ in range(self.lanes)]

    def choose_measurement(self, lane: int, seen: Mapping[str, Array], program: LinearProgram, costs: CostSet) -> Any:
        """The next item of the current edge; if there is none, the next edge."""
        if self.queues[lane]:
            return self.queues[lane].pop(0)
        queries, answers = self.bought(lane, seen)
        if self.public["noise"]:
            answers = queries @ costs.decode(queries, answers)
        step = pointwise_step(program, costs, queries, answers)
        if step.direction is None or self.menu is None:
            return step.direction
        self.queues[lane] = self._items(step.direction, seen["count"][lane] > 0, self.prices(lane, seen), costs)
        return self.queues[lane].pop(0) if self.queues[lane] else None

    def _items(self, direction: Array, had: Array, prices: Array, costs: CostSet) -> list[int]:
        assert self.menu is not None
        try:
            items = least_cost_data_set(direction[None], self.menu, np.where(had, 0.0, prices), costs.known)
        except PalaestraError as error:
            if "span" not in str(error):
                raise
            items = np.arange(len(self.menu))
        return [int(item) for item in items if not had[item]]
