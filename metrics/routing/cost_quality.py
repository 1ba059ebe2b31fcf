"""Cost-quality gap: what the best fixed mixture of models would score at the same mean cost, minus the score reached.

Quality by itself rewards the router that spends most. So it is compared with the frontier of the lane's own episode:
the greatest mean quality of a fixed mixture of models whose mean cost is at most the learner's (the "zero router" of
RouterBench, arXiv 2403.12031, section 4). A mixture of two models suffices, because there is one linear constraint on
the simplex. A learner that spends less on average than the cheapest model, by choosing it for cheap prompts, is
compared with the cheapest model. Where nothing costs anything, this is the external regret of quality. A value below 0
is better than any mixture that does not read prompts.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.metric import Example, Metric, Witness, trace_of
from ...core.traces.trace import Trace
from ..one_lane import one_lane
from .mean_quality import chosen_mean


def _compute(trace: Trace) -> Array:
    quality, cost = trace.scoring["quality"], trace.scoring["cost"]
    reached = ordered_sum(chosen_mean(trace, quality), 0) / trace.lengths
    spent = ordered_sum(chosen_mean(trace, cost), 0) / trace.lengths
    q = ordered_sum(quality, 0) / trace.lengths[:, None]
    c = ordered_sum(cost, 0) / trace.lengths[:, None]
    return _frontier(q, c, np.maximum(spent, c.min(1))) - reached


def _frontier(quality: Array, cost: Array, budget: Array) -> Array:
    """The greatest quality of a mixture that costs at most `budget` (lanes,); quality and cost: (lanes, A)."""
    within = cost <= budget[:, None]
    single = np.where(within, quality, -np.inf).max(1)
    pairs = within[:, :, None] & ~within[:, None, :]
    step = np.where(pairs, cost[:, None, :] - cost[:, :, None], 1.0)
    share = (budget[:, None, None] - cost[:, :, None]) / step
    mixed = quality[:, :, None] + share * (quality[:, None, :] - quality[:, :, None])
    best: Array = np.maximum(single, np.where(pairs, mixed, -np.inf).max((1, 2)))
    return best


def _witness(trace: Trace, lane: int) -> Witness:
    """The mixture of two models on the frontier at the learner's cost, and its mean quality minus the learner's."""
    alone, length = one_lane(trace, lane), int(trace.lengths[lane])
    quality, cost = (alone.scoring[key] for key in ("quality", "cost"))
    reached, spent = (float(ordered_sum(chosen_mean(alone, part), 0)[0]) / length for part in (quality, cost))
    q, c = (ordered_sum(part[:, 0], 0) / length for part in (quality, cost))
    first, second, share = _mixture(q, c, max(spent, float(c.min())))
    value = (1.0 - share) * float(q[first]) + share * float(q[second]) - reached
    named = f"model {first}" if share == 0 else f"{1 - share:.4g} of model {first} and {share:.4g} of {second}"
    return Witness(f"at no greater cost {named} scores {value:.4g} more", value)


def _mixture(quality: Array, cost: Array, budget: float) -> tuple[int, int, float]:
    """Two models and the share of the second that reach the greatest quality at `budget`; every pair is tried."""
    cheap = [a for a in range(len(cost)) if cost[a] <= budget]
    options = [(a, a, 0.0) for a in cheap]
    for a in cheap:
        for b in range(len(cost)):
            if cost[b] > budget:
                options.append((a, b, float((budget - cost[a]) / (cost[b] - cost[a]))))
    return max(options, key=lambda one: (1.0 - one[2]) * quality[one[0]] + one[2] * quality[one[1]])


def _bought(*proposals: int) -> Trace:
    """One round, two models: quality 1 at cost 4, and quality 0.5 at cost 1."""
    return trace_of(
        (np.array([[proposals]]),),
        scoring={"quality": np.array([[[1.0, 0.5]]]), "cost": np.array([[[4.0, 1.0]]])},
        public={"action": "proposals"},
    )


def _read_the_prompts() -> Trace:
    """Two rounds and two models of equal price, each good at one prompt; the right one was chosen both times."""
    return trace_of(
        (np.array([[[0]], [[1]]]),),
        scoring={"quality": np.array([[[1.0, 0.0]], [[0.0, 1.0]]]), "cost": np.ones((2, 1, 2))},
        public={"action": "proposals"},
    )


cost_quality = Metric(
    "cost_quality",
    _compute,
    better="lower",
    unit="quality below the frontier",
    meaning="What the best fixed mixture of models would score at the same mean cost, minus the score reached.",
    optimum=0.0,
    beyond="a router that reads prompts may score more than any mixture that does not",
    witness=_witness,
    examples=(
        Example(lambda: _bought(0), [0.0]),
        Example(lambda: _bought(0, 1), [0.0]),
        Example(_read_the_prompts, [-0.5]),
    ),
)
