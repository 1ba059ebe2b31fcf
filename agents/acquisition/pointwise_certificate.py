"""PointwiseCertificate: measures until the decision is certain for this very cost vector, and no longer.

Source: Ye, Amin, Ozdaglar (COLT 2026, arXiv 2603.18551), Algorithm 1, with the facet-hit rule
(`theory.acquisition.pointwise`). Each step it takes as its anchor the cost that the answers decode to, since the true
one is not known, and measures the edge that the segment to the worst cost of the fibre crosses first. From a menu it
buys, one after the other, the cheapest items that span that edge together with what it has.

Assumptions: no noise (with it, answers are first moved to those of the decoded cost, and nothing is certain). Cost: at
most d* + 1 rounds of (d - m) minimisations over the fibre. Where the menu does not span an edge it buys everything.
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
        """No lane has anything to fetch."""
        self.queues: list[list[int]] = [[] for _ in range(self.lanes)]

    def choose_measurement(self, lane: int, seen: Mapping[str, Array], program: LinearProgram, costs: CostSet) -> Any:
        """The next item of the edge at hand, else the next edge."""
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
