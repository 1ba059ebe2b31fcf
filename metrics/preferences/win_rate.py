"""Win rate: how often the last policy published on true answers is preferred to a uniformly random option."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.metric import Example, Metric, trace_of
from ...core.traces.trace import Trace
from ...theory.preferences.pairwise import win_rate as win_rate_of
from .last_honest import at_last_honest


def _compute(trace: Trace) -> Array:
    return win_rate_of(at_last_honest(trace, "policy"), at_last_honest(trace, "preference"))


# No optimum: the best option wins as often as the lane's evaluators let it.
win_rate = Metric("win_rate", _compute, "higher", "probability", __doc__.partition(": ")[2])


def _published(policy: tuple[float, float]) -> Trace:
    """Two options; three quarters prefer the first."""
    scoring = {
        "policy": np.array([[policy]]),
        "preference": np.array([[[[0.5, 0.75], [0.25, 0.5]]]]),
        "honest": np.ones((1, 1)),
    }
    return trace_of((np.array([[policy]]),), scoring=scoring)


EXAMPLES = (
    Example(lambda: _published((1.0, 0.0)), [0.625]),
    Example(lambda: _published((0.5, 0.5)), [0.5]),
)
