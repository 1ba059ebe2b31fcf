"""Welfare: the mean over rounds of the sum of all players' rewards.

A round is one step, or as many as the environment says in `public["stages"]` (two in a transfer game). Where
`public["welfare_seats"]` names seats, those alone are counted: a mediator's reward repeats its players'.
"""

from __future__ import annotations

import numpy as np

from ..core.arrays import Array, ordered_sum
from ..core.metric import Example, Metric, trace_of
from ..core.traces.trace import Trace


def _compute(trace: Trace) -> Array:
    assert trace.rewards is not None
    total = ordered_sum(np.stack([trace.rewards[i] for i in trace.welfare_seats], axis=0), 0)
    return ordered_sum(total, 0) * int(trace.public.get("stages", 1)) / trace.lengths


# No optimum: every game has its own; `welfare_ratio` is measured against it.
welfare = Metric("welfare", _compute, "higher", "payoff a round", __doc__.partition(": ")[2].partition("\n")[0])

_REWARDS = (np.ones((2, 1)), np.array([[3.0], [5.0]]))

EXAMPLES = (
    Example(lambda: trace_of((np.zeros((2, 1)), np.zeros((2, 1))), _REWARDS), [5.0]),
    Example(lambda: trace_of((np.zeros((2, 1)), np.zeros((2, 1))), _REWARDS, public={"stages": 2}), [10.0]),
    Example(lambda: trace_of((np.zeros((2, 1)), np.zeros((2, 1))), _REWARDS, public={"welfare_seats": (1,)}), [4.0]),
)
