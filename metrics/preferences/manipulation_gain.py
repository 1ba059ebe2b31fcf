"""Manipulation gain: what a group's option wins when the group misreports, against the same learner on true answers.

The probability of the option in the last policy of all, minus that in the last policy published on true answers; 0
where that is a loss, since the group would then answer truly, and 0 where nobody may misreport. The report is one: that
of the environment (burying) or of the player in the group's seat, so this is a lower bound of what the best report
wins, with the noise of the answers that were drawn. For a rule that is known, `theory.preferences.best_misreport` gives
the gain of the best of all common reports, exactly.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.metric import Example, Metric, Witness, trace_of
from ...core.traces.trace import Trace
from .last_honest import at_last_honest


def _compute(trace: Trace) -> Array:
    before, after = at_last_honest(trace, "policy"), trace.scoring["policy"][-1]
    group = trace.scoring["group"][-1]
    column = np.maximum(group, 0)[:, None]
    gain = np.take_along_axis(after, column, 1)[:, 0] - np.take_along_axis(before, column, 1)[:, 0]
    return np.where(group >= 0, np.maximum(gain, 0.0), 0.0)


def _witness(trace: Trace, lane: int) -> Witness:
    group = int(trace.scoring["group"][-1, lane])
    if group < 0:
        return Witness("no group may misreport", 0.0)
    first = float(at_last_honest(trace, "policy")[lane, group])
    last = float(trace.scoring["policy"][-1, lane, group])
    text = f"the group of option {group}: its probability goes from {first:.4g} to {last:.4g} by its report"
    return Witness(text, max(last - first, 0.0))


manipulation_gain = Metric(
    "manipulation_gain",
    _compute,
    "lower",
    "probability",
    "What a group's option wins by one false report.",
    optimum=0.0,
    witness=_witness,
)


def _two_halves(group: int) -> Trace:
    """Option 1 goes from 1/4 to 5/8 when answers are no longer true."""
    policy = np.array([[[0.75, 0.25]], [[0.375, 0.625]]])
    scoring = {
        "policy": policy,
        "honest": np.array([[1.0], [0.0]]),
        "group": np.full((2, 1), group, np.int64),
    }
    return trace_of((policy,), scoring=scoring)


EXAMPLES = (
    Example(lambda: _two_halves(1), [0.375]),
    Example(lambda: _two_halves(0), [0.0]),
    Example(lambda: _two_halves(-1), [0.0]),
)
