"""Total loss: decision regret plus the prices of what was measured."""

from __future__ import annotations

import numpy as np

from ..core.arrays import Array, ordered_sum
from ..core.metric import Example, Metric, trace_of
from ..core.trace import Trace


def _compute(trace: Trace) -> Array:
    return ordered_sum(trace.scoring["regret"] + trace.scoring["paid"], 0)


total_loss = Metric("total_loss", _compute, "lower", "cost", __doc__.partition(": ")[2])

EXAMPLES = (
    Example(
        lambda: trace_of(
            (np.zeros((2, 1)),), scoring={"regret": np.array([[0.0], [0.5]]), "paid": np.array([[0.25], [0.125]])}
        ),
        [0.875],
    ),
)
