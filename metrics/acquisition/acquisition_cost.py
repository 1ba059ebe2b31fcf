"""Acquisition cost: the prices of all measurements that were bought."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.metric import Example, Metric, trace_of
from ...core.traces.trace import Trace


def _compute(trace: Trace) -> Array:
    return ordered_sum(trace.scoring["paid"], 0)


acquisition_cost = Metric("acquisition_cost", _compute, "lower", "price", __doc__.partition(": ")[2], optimum=0.0)

EXAMPLES = (
    Example(lambda: trace_of((np.zeros((2, 2)),), scoring={"paid": np.array([[0.5, 0.0], [0.25, 0.0]])}), [0.75, 0.0]),
)
