"""Decision regret: what the decision costs above the best one, for the lane's true cost vector."""

from __future__ import annotations

import numpy as np

from ..core.arrays import Array, ordered_sum
from ..core.metric import Example, Metric, trace_of
from ..core.trace import Trace


def _compute(trace: Trace) -> Array:
    return ordered_sum(trace.scoring["regret"], 0)


decision_regret = Metric("decision_regret", _compute, "lower", "cost", __doc__.partition(": ")[2])

EXAMPLES = (
    Example(
        lambda: trace_of((np.zeros((2, 2)),), scoring={"regret": np.array([[0.0, 0.5], [0.25, 0.0]])}), [0.25, 0.5]
    ),
)
