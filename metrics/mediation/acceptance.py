"""Acceptance: the share of rounds in which every player accepted the mediator's offer."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.metric import Example, Metric, trace_of
from ...core.traces.trace import Trace

STAGES = 3
"""Steps of a round: the offer, the answers, the play."""


def _compute(trace: Trace) -> Array:
    answers = [trace.actions[i]["accept"][1::STAGES] for i in trace.welfare_seats]
    agreed = np.stack(answers, axis=0).min(axis=0) == 1
    return ordered_sum(agreed.astype(np.float64), 0) / len(agreed)


def _answers(first: int, second: int) -> Trace:
    """Two rounds in which player_0 accepts, and player_1 answers `first`, then `second`."""
    yes, other = np.ones((6, 1), np.int64), np.zeros((6, 1), np.int64)
    other[1], other[4] = first, second
    return trace_of(({"accept": yes}, {"accept": other}, {"profile": yes}), public={"welfare_seats": (0, 1)})


acceptance = Metric(
    "acceptance",
    _compute,
    better=None,
    unit="share of rounds",
    meaning="The share of rounds in which every player accepted the mediator's offer.",
    examples=(
        Example(lambda: _answers(1, 1), [1.0]),
        Example(lambda: _answers(1, 0), [0.5]),
        Example(lambda: _answers(0, 0), [0.0]),
    ),
)
