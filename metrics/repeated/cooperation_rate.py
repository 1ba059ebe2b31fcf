"""Cooperation rate: the share of all players' moves that are action 0: cooperation in the classic dilemmas."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.metric import Example, Metric, trace_of
from ...core.traces.trace import Trace
from .repeated_trace import play_of


def _compute(trace: Trace) -> Array:
    cooperative = (play_of(trace) == 0).astype(np.float64)
    return ordered_sum(ordered_sum(cooperative), 0) / (trace.lengths * cooperative.shape[-1])


def _one_defects() -> Trace:
    return trace_of((np.zeros((4, 1), np.int64), np.ones((4, 1), np.int64)))


cooperation_rate = Metric(
    "cooperation_rate",
    _compute,
    better=None,
    unit="share",
    meaning="The share of all players' moves that are action 0, which means cooperation in the classic dilemmas.",
    examples=(Example(_one_defects, [0.5]),),
)
