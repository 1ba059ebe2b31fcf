"""What a learner's choices brought of per-action numbers: the mean over its proposals, or under its strategy."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.traces.trace import Trace


def chosen_mean(trace: Trace, values: Array) -> Array:
    """The mean of `values` over what was chosen, round by round.

    Args:
        trace: Of a bandit; `trace.public["action"]` says whether its actions are "proposals" (steps, lanes, K) or
            weights of a "strategy" (steps, lanes, A), which are divided by their sum (uniform where all are 0).
        values: One number an action, (steps, lanes, A).

    Returns:
        float64 (steps, lanes).
    """
    action = trace.actions[0]
    if trace.public["action"] == "proposals":
        return ordered_sum(np.take_along_axis(values, action, axis=-1)) / action.shape[-1]
    total = ordered_sum(action)[..., None]
    some = total > 0
    return ordered_sum(values * np.where(some, action / np.where(some, total, 1.0), 1.0 / action.shape[-1]))
