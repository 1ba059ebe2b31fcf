"""Robust interval: the width of the training weights that help whatever homophily and adoption are; 0 where none do.

At the speed of the last round, over the ranges of homophily and adoption that the environment tells (Theorem 2 of arXiv
2604.04906). Not a number where the network is not two islands.
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
    return np.maximum(found.high - found.low, 0.0)


robust_interval = Metric(
    "robust_interval",
    _compute,
    None,
    "training weight",
    __doc__.partition(": ")[2].partition("\n")[0] + " NaN off two islands.",
)


def _example(speed: float) -> Trace:
    return trace_of(
        (np.zeros((1, 1, 2)),),
        scoring={"speed": np.array([[speed]]), "training": np.array([[[0.65, 0.35]]])},
        instance={"shares": np.array([[2.0, 1.0]]) / 3.0},
        public={"homophily": (1.5, 1.5), "adoption": (0.5, 0.5)},
    )


# One plausible society with T12 = 1/4 and T21 = 4/7, so that e = 2/3 and s1 = 16/23. With equal adoption beta = 1/2
# and rho = 1/2, w1 = (1 - lam) s1 + lam alpha with lam = 79/102: from alpha = s1 - 2 (s1 - e)/lam to alpha = s1 the AI
# helps.
EXAMPLES = (
    Example(lambda: _example(0.5), [136 / 1817]),
    Example(lambda: trace_of((np.zeros((1, 1, 2)),)), [float("nan")]),
)
