"""Mean cost: the mean over rounds of the cost of one chosen answer, in the table's own unit."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.metric import Example, Metric, trace_of
from ...core.traces.trace import Trace
from .chosen import chosen_mean


def _compute(trace: Trace) -> Array:
    return ordered_sum(chosen_mean(trace, trace.scoring["cost"]), 0) / trace.lengths


# No optimum: the cheapest model of each prompt is the table's affair, and whoever spends least is not best.
mean_cost = Metric("mean_cost", _compute, "lower", "cost an answer", __doc__.partition(": ")[2])

EXAMPLES = (
    Example(
        lambda: trace_of(
            (np.array([[[0, 1]], [[1, 1]]]),),
            scoring={"cost": np.array([[[4.0, 2.0]], [[8.0, 1.0]]])},
            public={"action": "proposals"},
        ),
        [2.0],
    ),
)
