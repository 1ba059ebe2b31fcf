"""Decision regret: what the decision costs above the best one, for the lane's true cost vector."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.metric import Example, Metric, Witness, trace_of
from ...core.traces.trace import Trace
from ...theory.acquisition.linear_program import LinearProgram
from .decision_witness import better_decision


def _compute(trace: Trace) -> Array:
    return ordered_sum(trace.scoring["regret"], 0)


def _witness(trace: Trace, lane: int) -> Witness:
    better = better_decision(trace, lane)
    return Witness(f"{better.words} costs {better.regret:.4g} less", better.regret)


decision_regret = Metric(
    "decision_regret", _compute, "lower", "cost", __doc__.partition(": ")[2], optimum=0.0, witness=_witness
)


def _hired(chosen: int) -> Trace:
    """One of two candidates was hired; the first costs 0.5, the second 0.75."""
    made = np.tile(np.eye(2)[chosen], (2, 1, 1))
    costs = np.tile([0.5, 0.75], (1, 1))
    scoring = {"regret": np.array([[0.0], [0.25 * chosen]]), "decision": made}
    public = {"program": LinearProgram([[1.0, 1.0]], [1.0], [1.0, 1.0], binary=True)}
    return trace_of((np.zeros((2, 1)),), scoring=scoring, instance={"cost": costs}, public=public)


EXAMPLES = (Example(lambda: _hired(1), [0.25]), Example(lambda: _hired(0), [0.0]))
