"""Manipulation gain: how much probability a group's option gains when the group misreports.

It is the probability of the option in the last policy minus its probability in the last policy from honest answers. A
loss counts as 0, since the group would then answer honestly, and so does a lane in which no group may misreport. Only
one report is tried, that of the environment (burying) or of the player in the group's seat. So this is a lower bound on
the gain of the best report, with the noise of the drawn answers. For a known rule, `theory.preferences.best_misreport`
gives the exact gain of the best report that the whole group makes.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.metric import Example, Metric, Witness, trace_of
from ...core.traces.trace import Trace
from .last_honest_round import at_last_honest_round


def _compute(trace: Trace) -> Array:
    before, after = at_last_honest_round(trace, "policy"), trace.scoring["policy"][-1]
    group = trace.scoring["group"][-1]
    column = np.maximum(group, 0)[:, None]
    gain = np.take_along_axis(after, column, 1)[:, 0] - np.take_along_axis(before, column, 1)[:, 0]
    return np.where(group >= 0, np.maximum(gain, 0.0), 0.0)


def _witness(trace: Trace, lane: int) -> Witness:
    group = int(trace.scoring["group"][-1, lane])
    if group < 0:
        return Witness("no group may misreport", 0.0)
    first = float(at_last_honest_round(trace, "policy")[lane, group])
    last = float(trace.scoring["policy"][-1, lane, group])
    text = f"the group of option {group}: its probability goes from {first:.4g} to {last:.4g} by its report"
    return Witness(text, max(last - first, 0.0))


def _two_halves(group: int) -> Trace:
    """Option 1 goes from 1/4 to 5/8 when answers are no longer honest."""
    policy = np.array([[[0.75, 0.25]], [[0.375, 0.625]]])
    scoring = {
        "policy": policy,
        "honest": np.array([[1.0], [0.0]]),
        "group": np.full((2, 1), group, np.int64),
    }
    return trace_of((policy,), scoring=scoring)


manipulation_gain = Metric(
    "manipulation_gain",
    _compute,
    better="lower",
    unit="probability",
    meaning="How much probability a group's option gains when the group misreports, compared with honest answers.",
    optimum=0.0,
    witness=_witness,
    examples=(
        Example(lambda: _two_halves(1), [0.375]),
        Example(lambda: _two_halves(0), [0.0]),
        Example(lambda: _two_halves(-1), [0.0]),
    ),
)
