"""Proportionality level: of the last policy published on true answers, the least part of its share any group gets.

min over groups k of pi(y_k) / w_k, with the shares of the lane's profile, exactly (arXiv 2506.05619, axiom 3). 1 is the
policy equal to the shares, 0 leaves a group with nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...core.arrays import Array
from ...core.metric import Example, Metric, Witness, trace_of
from ...core.traces.trace import Trace
from ...theory.preferences.pairwise import proportionality
from .last_honest import at_last_honest, last_honest


def _curve(trace: Trace) -> Array:
    """The level of every round's policy; from the last true answers on it stays."""
    last = last_honest(trace)
    level: Array = proportionality(trace.scoring["policy"], trace.scoring["shares"])
    rounds = np.minimum(np.arange(trace.steps)[:, None], last)
    return np.take_along_axis(level, rounds, axis=0)


def _witness(trace: Trace, lane: int) -> Witness:
    """The group that gets least of its share, the first among equals."""
    policy, shares = (at_last_honest(trace, key)[lane] for key in ("policy", "shares"))
    groups = np.flatnonzero(shares > 0)
    least = int(groups[np.argmin(policy[groups] / shares[groups])])
    text = f"the group of option {least} has a share of {shares[least]:.4g} and gets {policy[least]:.4g}"
    return Witness(text, float(policy[least] / shares[least]))


proportionality_level = Metric(
    "proportionality_level",
    None,
    "higher",
    "part of a share",
    __doc__.partition(": ")[2],
    curve=_curve,
    optimum=1.0,
    witness=_witness,
)


def _published(*policies: Sequence[float], honest: Sequence[float]) -> Trace:
    """One lane, shares 1/4, 3/4 and 0, a policy a round."""
    policy = np.array(policies)[:, None]
    scoring = {
        "policy": policy,
        "shares": np.broadcast_to([0.25, 0.75, 0.0], policy.shape),
        "honest": np.array(honest)[:, None],
    }
    return trace_of((policy,), scoring=scoring)


EXAMPLES = (
    Example(lambda: _published([0.25, 0.75, 0.0], honest=[1.0]), [1.0]),
    Example(lambda: _published([0.0, 1.0, 0.0], [0.2, 0.3, 0.5], [0.25, 0.75, 0.0], honest=[1.0, 1.0, 0.0]), [0.4]),
)
