"""Learning gap without an AI: how far the consensus of the network alone lies from the mean of all signals.

The mean over topics; it depends on the network and the signals, not on what is done.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.metric import Example, Metric, trace_of
from ...core.traces.trace import Trace


def _compute(trace: Trace) -> Array:
    gap = trace.scoring["gap_without"]
    return ordered_sum(gap[0]) / gap.shape[-1]


learning_gap_without_ai = Metric(
    "learning_gap_without_ai", _compute, None, "belief", __doc__.partition(": ")[2].partition("\n")[0]
)

EXAMPLES = (
    Example(lambda: trace_of((np.zeros((1, 1, 2)),), scoring={"gap_without": np.array([[[4.0, 2.0]]])}), [3.0]),
)
