"""GreedyUncertainty: buys the most uncertain measurement for its price, whether or not a decision depends on it.

In each step it takes the measurement of greatest remaining spread divided by price. The spread is |q S^(1/2)| after
projecting out what was measured (for an ellipsoid, the greatest possible distance of the answer from its centre). If
directions are free it chooses among the coordinates. It stops when no spread is more than `least` times its price. It
ignores X, so it pays for coordinates that no decision depends on: active learning's uncertainty sampling (Lewis and
Gale, "A sequential algorithm for training text classifiers", SIGIR 1994) in this setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...core.arrays import Array
from ...theory.acquisition.cost_set import CostSet
from ...theory.acquisition.linear_program import LinearProgram
from .data_buyer import DataBuyer


class GreedyUncertainty(DataBuyer):
    """Buys by uncertainty only.

    Args:
        least: Ratio of spread to price below which nothing is bought.
    """

    def __init__(self, least: float = 10.0) -> None:
        self.least = least

    def choose_measurement(self, lane: int, seen: Mapping[str, Array], program: LinearProgram, costs: CostSet) -> Any:
        """The item of the greatest ratio."""
        offered = self.menu if self.menu is not None else np.eye(costs.dimension)
        queries, _ = self.bought(lane, seen)
        rest = offered * costs.spread
        if len(queries):
            right = np.linalg.svd(queries * costs.spread, full_matrices=False)
            basis = right[2][right[1] > 1e-9 * right[1].max()]
            rest = rest - (rest @ basis.T) @ basis
        left = np.linalg.norm(rest, axis=1)
        left = np.where(left > 1e-9 * np.linalg.norm(offered * costs.spread, axis=1), left, 0.0)
        ratio = left / np.maximum(self.prices(lane, seen), 1e-12)
        pick = int(np.argmax(ratio))
        if left[pick] == 0.0 or ratio[pick] < self.least:
            return None
        return pick if self.menu is not None else offered[pick]
