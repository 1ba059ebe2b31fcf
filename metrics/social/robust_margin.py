"""Robust margin: how far inside the robust interval the training weight of the majority lies; negative outside it.

The distance to the nearer end at the speed of the last round; where the interval is empty, still the less of the two
distances. Not a number where the network is not two islands, or the last design was not a global AI.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.metric import Example, Metric, trace_of
from ...core.traces.trace import Trace
from .played_islands import PlayedIslands


def _compute(trace: Trace) -> Array:
    islands = PlayedIslands.of(trace)
    if islands is None:
        return np.full(trace.lanes, np.nan)
    found = islands.interval()
    return np.minimum(islands.training - found.low, found.high - islands.training)


# No optimum: the middle of the interval is best, and its width depends on the lane and on the speed.
robust_margin = Metric(
    "robust_margin",
    _compute,
    "higher",
    "training weight",
    __doc__.partition(": ")[2].partition("\n")[0] + " NaN off two islands, or without a global AI.",
)


def _example(training: list[float]) -> Trace:
    return trace_of(
        (np.zeros((1, 1, 2)),),
        scoring={"speed": np.array([[0.5]]), "training": np.array([[training]])},
        instance={"shares": np.array([[2.0, 1.0]]) / 3.0},
        public={"homophily": (1.5, 1.5), "adoption": (0.5, 0.5)},
    )


# The interval of the example of `robust_interval` is (1128/1817, 16/23).
EXAMPLES = (
    Example(lambda: _example([0.65, 0.35]), [min(0.65 - 1128 / 1817, 16 / 23 - 0.65)]),
    Example(lambda: _example([1.0, 0.0]), [16 / 23 - 1.0]),
    Example(lambda: _example([0.0, 0.0]), [float("nan")]),
)
