"""Mean quality and mean cost: what a router chose, averaged over rounds.

- `mean_quality`: the quality of the chosen answers, averaged over rounds, at whatever cost.
- `mean_cost`: the cost of one chosen answer, averaged over rounds, in the unit of the table.

Each of them says little without the other: quality rewards the router that spends most, and cost the router that always
takes the cheapest model. `cost_quality` combines both.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import UnknownName
from ...core.metric import Example, Metric, trace_of
from ...core.traces.trace import Trace


def mean_over_choices(of: Literal["quality", "cost"] = "quality") -> Metric:
    """A metric of the family.

    Args:
        of: What is averaged: the entry of the trace's scoring with one number for each action.
    """
    if of not in _NUMBERS:
        raise UnknownName("number of mean_over_choices", of, _NUMBERS)
    # No optimum: the best answer and the cheapest model of each prompt depend on the table.
    return Metric(
        "mean_over_choices",
        lambda trace: ordered_sum(chosen_mean(trace, trace.scoring[of]), 0) / trace.lengths,
        better="higher" if of == "quality" else "lower",
        unit=_NUMBERS[of].unit,
        meaning=_NUMBERS[of].meaning,
        examples=_NUMBERS[of].examples,
    )


def chosen_mean(trace: Trace, values: Array) -> Array:
    """The mean of `values` over the actions that were chosen, in every round.

    Args:
        trace: Of a bandit. `trace.public["action"]` says whether its actions are "proposals" (steps, lanes, K) or the
            weights of a "strategy" (steps, lanes, A), which are divided by their sum (uniform where all are 0).
        values: One number per action: (steps, lanes, A).

    Returns:
        float64 (steps, lanes).
    """
    action = trace.actions[0]
    if trace.public["action"] == "proposals":
        return ordered_sum(np.take_along_axis(values, action, axis=-1)) / action.shape[-1]
    total = ordered_sum(action)[..., None]
    some = total > 0
    return ordered_sum(values * np.where(some, action / np.where(some, total, 1.0), 1.0 / action.shape[-1]))


def _two_rounds(of: str, values: object, kind: str, actions: object) -> Trace:
    return trace_of((np.array(actions),), scoring={of: np.array(values)}, public={"action": kind})


class _Number(NamedTuple):
    """What is averaged."""

    unit: str
    meaning: str
    examples: tuple[Example, ...]


_QUALITY = [[[1.0, 0.0]], [[0.5, 0.25]]]
_COST = [[[4.0, 2.0]], [[8.0, 1.0]]]

_NUMBERS = {
    "quality": _Number(
        "quality",
        "The quality of the chosen answers, averaged over rounds, at whatever cost.",
        (
            Example(lambda: _two_rounds("quality", _QUALITY, "proposals", [[[0, 1]], [[0, 0]]]), [0.5]),
            Example(lambda: _two_rounds("quality", _QUALITY, "strategy", [[[1.0, 1.0]], [[0.0, 0.5]]]), [0.375]),
        ),
    ),
    "cost": _Number(
        "cost an answer",
        "The cost of one chosen answer, averaged over rounds, in the unit of the table.",
        (Example(lambda: _two_rounds("cost", _COST, "proposals", [[[0, 1]], [[1, 1]]]), [2.0]),),
    ),
}
