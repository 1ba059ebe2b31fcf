"""Mean payoff: the mean of player_0's rewards over steps."""

from __future__ import annotations

import numpy as np

from ..core.arrays import Array, ordered_sum
from ..core.metric import Example, Metric, trace_of
from ..core.traces.trace import Trace


def _compute(trace: Trace) -> Array:
    assert trace.rewards is not None
    return ordered_sum(trace.rewards[0], 0) / trace.lengths


def _curve(trace: Trace) -> Array:
    assert trace.rewards is not None
    return np.cumsum(trace.rewards[0], axis=0) / np.arange(1, trace.steps + 1)[:, None]


def _two_rounds() -> Trace:
    return trace_of((np.zeros((2, 1)), np.zeros((2, 1))), (np.array([[3.0], [5.0]]), np.ones((2, 1))))


# No optimum: what can be earned depends on the game and on the other players.
mean_payoff = Metric(
    "mean_payoff",
    _compute,
    better="higher",
    unit="payoff a step",
    meaning="The mean of player_0's rewards over steps.",
    curve=_curve,
    examples=(Example(_two_rounds, [4.0]),),
)
