"""Win rate: how often the last policy from honest answers is preferred to a uniformly random option."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.metric import Example, Metric, trace_of
from ...core.traces.trace import Trace
from ...theory.preferences.pairwise import win_rate as win_rate_of
from .last_honest_round import at_last_honest_round


def _compute(trace: Trace) -> Array:
    return win_rate_of(at_last_honest_round(trace, "policy"), at_last_honest_round(trace, "preference"))


def _published(policy: tuple[float, float]) -> Trace:
    """Two options; three quarters prefer the first."""
    scoring = {
        "policy": np.array([[policy]]),
        "preference": np.array([[[[0.5, 0.75], [0.25, 0.5]]]]),
        "honest": np.ones((1, 1)),
    }
    return trace_of((np.array([[policy]]),), scoring=scoring)


# No optimum: how often the best option wins depends on the lane's evaluators.
win_rate = Metric(
    "win_rate",
    _compute,
    better="higher",
    unit="probability",
    meaning="How often the last policy from honest answers is preferred to a uniformly random option.",
    examples=(Example(lambda: _published((1.0, 0.0)), [0.625]), Example(lambda: _published((0.5, 0.5)), [0.5])),
)
