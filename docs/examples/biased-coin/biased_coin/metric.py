"""Regret: what guessing the likelier side of every coin would have earned more per step."""

from __future__ import annotations

import numpy as np
from palaestra.core.arrays import Array, ordered_sum
from palaestra.core.metric import Example, Metric, trace_of
from palaestra.core.traces.trace import Trace


def _compute(trace: Trace) -> Array:
    assert trace.rewards is not None
    return ordered_sum(trace.scoring["best"] - trace.rewards[0], 0) / trace.lengths


def _two_guesses() -> Trace:
    """Two steps of one lane: the likelier side, which lands 3 times in 4, is guessed once."""
    return trace_of((np.array([[1], [0]]),), (np.array([[1.0], [0.0]]),), scoring={"best": np.array([[0.75], [0.75]])})


biased_coin_regret = Metric(
    "biased_coin_regret",
    _compute,
    "lower",
    "payoff per step",
    __doc__.partition(": ")[2],
    examples=(Example(_two_guesses, [0.25]),),
)
