"""Worst topic gain: the learning gain on the topic where it is least; above 0 the AI helps on every topic.

After the last round. Local aggregators that are trained on their own community alone are above 0 on topics of
communities (Proposition 4 of arXiv 2604.04906); a global one is worse than they are on one topic at least (Theorem 3).
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.metric import Example, Metric, Witness, trace_of
from ...core.traces.trace import Trace


def _compute(trace: Trace) -> Array:
    least: Array = (trace.scoring["gap_without"][-1] - trace.scoring["gap"][-1]).min(axis=-1)
    return least


def _witness(trace: Trace, lane: int) -> Witness:
    without, gap = (trace.scoring[key][-1, lane] for key in ("gap_without", "gap"))
    topic = int(np.argmin(without - gap))
    text = f"topic {topic}: the gap is {gap[topic]:.4g} with the AI and {without[topic]:.4g} without"
    return Witness(text, float(without[topic] - gap[topic]))


# No optimum: at most the gap without an AI can be gained, which every lane has its own of.
worst_topic_gain = Metric(
    "worst_topic_gain",
    _compute,
    "higher",
    "belief",
    __doc__.partition(": ")[2].partition("\n")[0],
    witness=_witness,
)

_SCORING = {"gap_without": np.array([[[4.0, 2.0]]]), "gap": np.array([[[1.0, 3.0]]])}

EXAMPLES = (Example(lambda: trace_of((np.zeros((1, 1, 2)),), scoring=_SCORING), [-1.0]),)
