"""Proportionality level: the smallest part of its share that any group gets in the last policy from honest answers.

The minimum over groups k of pi(y_k) / w_k, with the exact shares w of the lane's profile (arXiv 2506.05619, axiom 3).
It is 1 where the policy equals the shares, and 0 where a group gets nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...core.arrays import Array
from ...core.metric import Example, Metric, Witness, trace_of
from ...core.traces.trace import Trace
from ...theory.preferences.pairwise import proportionality
from .last_honest_round import at_last_honest_round, last_honest_round


def _curve(trace: Trace) -> Array:
    """The level of every round's policy; constant after the last honest round."""
    last = last_honest_round(trace)
    level: Array = proportionality(trace.scoring["policy"], trace.scoring["shares"])
    rounds = np.minimum(np.arange(trace.steps)[:, None], last)
    return np.take_along_axis(level, rounds, axis=0)


def _witness(trace: Trace, lane: int) -> Witness:
    """The group that gets the smallest part of its share, the first of several."""
    policy, shares = (at_last_honest_round(trace, key)[lane] for key in ("policy", "shares"))
    groups = np.flatnonzero(shares > 0)
    least = int(groups[np.argmin(policy[groups] / shares[groups])])
    text = f"the group of option {least} has a share of {shares[least]:.4g} and gets {policy[least]:.4g}"
    return Witness(text, float(policy[least] / shares[least]))


def _published(*policies: Sequence[float], honest: Sequence[float]) -> Trace:
    """One lane with shares 1/4, 3/4 and 0, and one policy per round."""
    policy = np.array(policies)[:, None]
    scoring = {
        "policy": policy,
        "shares": np.broadcast_to([0.25, 0.75, 0.0], policy.shape),
        "honest": np.array(honest)[:, None],
    }
    return trace_of((policy,), scoring=scoring)


proportionality_level = Metric(
    "proportionality_level",
    None,
    better="higher",
    unit="part of a share",
    meaning="The smallest part of its share that any group gets in the last policy from honest answers.",
    curve=_curve,
    optimum=1.0,
    witness=_witness,
    examples=(
        Example(lambda: _published([0.25, 0.75, 0.0], honest=[1.0]), [1.0]),
        Example(lambda: _published([0.0, 1.0, 0.0], [0.2, 0.3, 0.5], [0.25, 0.75, 0.0], honest=[1.0, 1.0, 0.0]), [0.4]),
    ),
)
