"""Learning gain: by how much the AI brings the consensus closer to the mean of all signals; negative where it harms.

The mean over topics of the learning gap without an AI minus that after the last round, the sheets' -Delta*.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.metric import Example, Metric, trace_of
from ...core.traces.trace import Trace


def _curve(trace: Trace) -> Array:
    gain = trace.scoring["gap_without"] - trace.scoring["gap"]
    return ordered_sum(gain) / gain.shape[-1]


# No optimum: at most the gap without an AI can be gained, which every lane has its own of.
learning_gain = Metric("learning_gain", None, "higher", "belief", __doc__.partition(": ")[2].partition("\n")[0], _curve)

_SCORING = {"gap_without": np.array([[[4.0, 2.0]]] * 2), "gap": np.array([[[4.0, 2.0]], [[1.0, 3.0]]])}

EXAMPLES = (Example(lambda: trace_of((np.zeros((2, 1, 2)),), scoring=_SCORING), [1.0]),)
