"""Mean quality: the mean over rounds of the quality of what was chosen, whatever it cost."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.metric import Example, Metric, trace_of
from ...core.traces.trace import Trace
from .chosen import chosen_mean


def _compute(trace: Trace) -> Array:
    return ordered_sum(chosen_mean(trace, trace.scoring["quality"]), 0) / trace.lengths


# No optimum: the best answer to every prompt has the quality that the table gives it.
mean_quality = Metric("mean_quality", _compute, "higher", "quality", __doc__.partition(": ")[2])


def _two_rounds(kind: str, actions: object) -> Trace:
    quality = np.array([[[1.0, 0.0]], [[0.5, 0.25]]])
    return trace_of((np.array(actions),), scoring={"quality": quality}, public={"action": kind})


EXAMPLES = (
    Example(lambda: _two_rounds("proposals", [[[0, 1]], [[0, 0]]]), [0.5]),
    Example(lambda: _two_rounds("strategy", [[[1.0, 1.0]], [[0.0, 0.5]]]), [0.375]),
)
