"""Belief error: how far agents' beliefs lie from the mean of all signals after the last round.

The mean over agents and topics. Unlike the learning gap it counts what has not yet been reached: an AI that learns too
slowly has a small gap in the end and a large error until then. The curve shows it after each round.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.metric import Example, Metric, trace_of
from ...core.traces.trace import Trace


def _curve(trace: Trace) -> Array:
    error = trace.scoring["error"]
    return ordered_sum(error) / error.shape[-1]


belief_error = Metric(
    "belief_error", None, "lower", "belief", __doc__.partition(": ")[2].partition("\n")[0], _curve, optimum=0.0
)

EXAMPLES = (
    Example(
        lambda: trace_of((np.zeros((2, 1, 2)),), scoring={"error": np.array([[[4.0, 2.0]], [[1.0, 0.5]]])}), [0.75]
    ),
)
