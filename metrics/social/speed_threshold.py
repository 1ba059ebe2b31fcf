"""Speed threshold: the rho above which some training weights help whatever homophily and adoption are (Theorem 2).

For each lane's majority and the ranges that the environment tells; it does not depend on what is done. Not a
number where the network is not two islands.
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
    return islands.threshold()


speed_threshold = Metric(
    "speed_threshold",
    _compute,
    None,
    "rho",
    __doc__.partition(": ")[2].partition("\n")[0] + " NaN off two islands.",
)


def _example() -> Trace:
    return trace_of(
        (np.zeros((1, 1, 2)),),
        scoring={"speed": np.array([[0.5]]), "training": np.array([[[0.65, 0.35]]])},
        instance={"shares": np.array([[2.0, 1.0]]) / 3.0},
        public={"homophily": (1.5, 1.5), "adoption": (0.0, 1.0)},
    )


# At h = 3/2 the ends are alpha_U = 16 (1 + k)/(28 k + 23) and alpha_L = (52 k + 44)/(77 k + 69) with k = 1 - rho; they
# meet where 56 k^2 + 23 k - 23 = 0.
EXAMPLES = (
    Example(_example, [1.0 - (5681**0.5 - 23.0) / 112.0]),
    Example(lambda: trace_of((np.zeros((1, 1, 2)),)), [float("nan")]),
)
