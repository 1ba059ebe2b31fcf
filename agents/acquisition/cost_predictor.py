"""Predict, then optimise: TwoStageLeastSquares, SPOPlus and CompressedSPOPlus decide from contexts and buy nothing.

Sources: Elmachtoub and Grigas, "Smart 'Predict, then Optimize'" (Management Science 2022); Ye, Amin, Ozdaglar (COLT
2026, arXiv 2603.18551), Algorithm 3 for the compressed form, whose directions are the cumulative data set of the past
costs (their Algorithm 2), and Theorem 25: these lose nothing. The regressions are in
`theory.acquisition.cost_regression`.

They need contexts, past pairs and `decide="estimate"`; if one of these is missing they commit to what the decoder
makes of the prior. The model is fitted once per reset, only from the public past, so it is the same in all lanes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from ...core.arrays import Array
from ...theory.acquisition.cost_regression import CostRegression, least_squares, spo_plus
from ...theory.acquisition.cost_set import CostSet
from ...theory.acquisition.cumulative_data_set import cumulative_data_set
from ...theory.acquisition.linear_program import LinearProgram
from .data_buyer import DataBuyer


class CostPredictor(DataBuyer):
    """Commits at once, with a predicted cost.

    Args:
        loss: "least_squares", "spo_plus", or "compressed" (SPO+ in the directions that past decisions depended on).
        steps: Subgradient steps.
    """

    def __init__(
        self, loss: Literal["least_squares", "spo_plus", "compressed"] = "least_squares", steps: int = 200
    ) -> None:
        self.loss, self.steps_of_fit = loss, steps

    def choose_measurement(self, lane: int, seen: Mapping[str, Array], program: LinearProgram, costs: CostSet) -> Any:
        """Commit at once."""
        return None

    def estimate(self, lane: int, seen: Mapping[str, Array], costs: CostSet) -> Array:
        """The model's prediction for the lane's context."""
        if "context" not in seen:
            return costs.centre
        model = self.cached_plan(lane, seen, lambda: self._fit(costs))
        predicted = model.predict(seen["context"][lane][None])[0]
        # All deviations are scaled by one factor, so that the estimate fits into an action.
        over = float((np.abs(predicted - costs.centre) / (4.0 * np.maximum(costs.spread, 1e-12))).max())
        inside: Array = costs.centre + (predicted - costs.centre) / max(1.0, over)
        return inside

    def _fit(self, costs: CostSet) -> CostRegression:
        program, past = self.public["program"], self.public["history"]
        if self.loss == "least_squares" or program is None:
            return least_squares(past["contexts"], past["costs"], costs.centre)
        directions = None
        if self.loss == "compressed":
            directions = cumulative_data_set(program, costs, past["costs"]).directions
            if len(directions) == 0:
                return least_squares(past["contexts"], past["costs"], costs.centre)
        return spo_plus(
            program,
            past["contexts"],
            past["costs"],
            costs.centre,
            directions=directions,
            spread=costs.spread,
            steps=self.steps_of_fit,
        )
