"""The last round of a trace in which all answers were honest."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...core.traces.trace import Trace


def last_honest_round(trace: Trace) -> Array:
    """The last honest round of each lane, int64 (lanes,): the last before a group may misreport, or the last of all.

    Raises:
        PalaestraError: A trace of another environment.
    """
    if "honest" not in trace.scoring:
        raise PalaestraError(f"{trace.env_id} publishes no policies for groups: play PreferenceAggregation-v0.")
    last: Array = (trace.scoring["honest"] == 1.0).sum(0) - 1
    return last


def at_last_honest_round(trace: Trace, key: str) -> Array:
    """The entry `key` of the trace's scoring in that round: (lanes, ...)."""
    last = last_honest_round(trace)
    taken: Array = trace.scoring[key][last, np.arange(len(last))]
    return taken
