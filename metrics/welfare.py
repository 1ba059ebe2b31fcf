"""Welfare: the sum of all players' rewards, averaged over rounds.

A round is one step, or as many steps as the environment states in `public["stages"]` (two in a transfer game). Where
`public["welfare_seats"]` names seats, only those are counted: a mediator's reward repeats that of its players.
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


_REWARDS = (np.ones((2, 1)), np.array([[3.0], [5.0]]))

# No optimum: it differs from game to game; `welfare_ratio` is measured against it.
welfare = Metric(
    "welfare",
    _compute,
    better="higher",
    unit="payoff a round",
    meaning="The sum of all players' rewards, averaged over rounds.",
    examples=(
        Example(lambda: trace_of((np.zeros((2, 1)),) * 2, _REWARDS), [5.0]),
        Example(lambda: trace_of((np.zeros((2, 1)),) * 2, _REWARDS, public={"stages": 2}), [10.0]),
        Example(lambda: trace_of((np.zeros((2, 1)),) * 2, _REWARDS, public={"welfare_seats": (1,)}), [4.0]),
    ),
)
