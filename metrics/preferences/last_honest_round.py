"""The last round of a trace in which everybody answered truly."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...core.traces.trace import Trace


def last_honest(trace: Trace) -> Array:
    """Its number in each lane, int64 (lanes,): the last round before a group may misreport, or the last of all.

    Raises:
        PalaestraError: The trace is not one of preference aggregation.
    """
    if "honest" not in trace.scoring:
        raise PalaestraError(f"{trace.env_id} publishes no policies for groups: play PreferenceAggregation-v0.")
    last: Array = (trace.scoring["honest"] == 1.0).sum(0) - 1
    return last


def at_last_honest(trace: Trace, key: str) -> Array:
    """What scorers saw under `key` in that round, (lanes, ...)."""
    last = last_honest(trace)
    taken: Array = trace.scoring[key][last, np.arange(len(last))]
    return taken
