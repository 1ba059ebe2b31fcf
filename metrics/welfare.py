"""Welfare: the mean over rounds of the sum of all players' rewards."""

from __future__ import annotations

import numpy as np

from ..core.arrays import Array, ordered_sum
from ..core.metric import Example, Metric, trace_of
from ..core.trace import Trace


def _compute(trace: Trace) -> Array:
    assert trace.rewards is not None
    total = ordered_sum(np.stack([trace.rewards[i] for i in trace.welfare_seats], axis=0), 0)
    return ordered_sum(total, 0) / trace.lengths


welfare = Metric("welfare", _compute, "higher", "payoff a step", __doc__.partition(": ")[2])

EXAMPLES = (
    Example(lambda: trace_of((np.zeros((2, 1)), np.zeros((2, 1))), (np.ones((2, 1)), np.array([[3.0], [5.0]]))), [5.0]),
)
