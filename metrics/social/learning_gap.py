"""Learning gap: how far the consensus lies from the mean of all signals, the best that could be known.

The mean over topics, after the last round: of the consensus that beliefs would reach if the last design were kept
(closed form); in the agents' seats, where reliance changes, of the mean belief. The curve shows it after each round.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.metric import Example, Metric, trace_of
from ...core.traces.trace import Trace


def _curve(trace: Trace) -> Array:
    gap = trace.scoring["gap"]
    return ordered_sum(gap) / gap.shape[-1]


learning_gap = Metric(
    "learning_gap", None, "lower", "belief", __doc__.partition(": ")[2].partition("\n")[0], _curve, optimum=0.0
)

EXAMPLES = (
    Example(lambda: trace_of((np.zeros((2, 1, 2)),), scoring={"gap": np.array([[[4.0, 2.0]], [[1.0, 0.5]]])}), [0.75]),
)
