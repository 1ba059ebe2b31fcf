"""External regret: what the best fixed action in hindsight earns more than the learner, a round."""

from __future__ import annotations

import numpy as np

from ..core.arrays import Array
from ..core.errors import PalaestraError
from ..core.metric import Example, Metric, trace_of
from ..core.trace import Trace


def _running(trace: Trace) -> Array:
    """max_a sum_{s <= t} u^s(a) - sum_{s <= t} reward^s, (steps, lanes); sums run left to right in each lane."""
    if "utility" not in trace.scoring or trace.rewards is None or len(trace.rewards) != 1:
        raise PalaestraError(f"External regret needs one learner and utilities of all actions; {trace.env_id} has not.")
    utility = trace.scoring["utility"]
    # Action by action: two arrays of (steps, lanes) at a time instead of a second copy of all utilities.
    best = np.cumsum(utility[:, :, 0], axis=0)
    for action in range(1, utility.shape[2]):
        np.maximum(best, np.cumsum(utility[:, :, action], axis=0), out=best)
    running: Array = best - np.cumsum(trace.rewards[0], axis=0)
    return running


def _compute(trace: Trace) -> Array:
    return _running(trace)[-1] / trace.lengths


def _curve(trace: Trace) -> Array:
    """The average regret after each step."""
    return _running(trace) / np.arange(1, trace.steps + 1)[:, None]


external_regret = Metric(
    "external_regret", _compute, "lower", "utility a round", __doc__.partition(": ")[2], curve=_curve
)

_UTILITY = np.array([[[1.0, 0.0]], [[0.0, 0.5]], [[0.0, 1.0]]])

EXAMPLES = (
    Example(lambda: trace_of((np.zeros((3, 1)),), (np.array([[1.0], [0.0], [0.0]]),), {"utility": _UTILITY}), [1 / 6]),
    Example(lambda: trace_of((np.zeros((3, 1)),), (np.array([[1.0], [0.5], [1.0]]),), {"utility": _UTILITY}), [-1 / 3]),
)
