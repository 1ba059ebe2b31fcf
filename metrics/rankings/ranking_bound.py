"""What the theory of ranking feedback promises where its constants are explicit: the curve beside external regret."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.traces.trace import Trace

FAILURE = 0.05
"""delta: the chance with which the promise may fail."""

MEANING = (
    "the explicit bound of Theorem 5.2 for projected gradient ascent, had the episode ended there; for instantaneous "
    "rankings under full information, elsewhere its constants are not explicit and nothing is drawn"
)


def ranking_bound(trace: Trace) -> Array:
    """The upper bound on external regret a round under instantaneous rankings and full information: (rounds, lanes).

    Source: arXiv 2603.19221, Theorem 5.2 with the constants of its proof (section 3c of the sheet). With temperature
    tau, A actions, l = log(4 A T / delta) and P the variation of utilities up to T, in the greatest entry:

        R(T) <= R(Alg) + (2 tau (e^(1/tau) + 1)^2 P^(1/3) + 2 P^(1/3) + 4 P^(-2/3)) T^(2/3) l^(1/3),

    where R(Alg) = sqrt(T) (1 + A / 2) is projected gradient ascent's at rate 1 / sqrt(T) (Zinkevich 2003). Each round
    is taken as the end of an episode. P is at least 1 here, so that utilities that stand still do not divide by 0. The
    constant is large: at tau = 0.5 the bound is above the range of utilities for any horizon that is played.

    Returns:
        Utility a round; NaN where the trace is of another kind of feedback, or no ranking bandit.
    """
    public, utility = trace.public, trace.scoring.get("utility")
    told = public.get("feedback") == "instantaneous" and public.get("information") == "full"
    tau = public.get("temperature")
    if utility is None or not told or not tau:
        return np.full((trace.steps, trace.lanes), np.nan)
    moves = np.abs(np.diff(utility, axis=0, prepend=utility[:1])).max(-1)
    variation = np.maximum(np.cumsum(moves, axis=0), 1.0)
    rounds, actions = np.arange(1, trace.steps + 1)[:, None], utility.shape[-1]
    length = np.log(4.0 * actions * rounds / FAILURE)
    factor = (2.0 * tau * (np.exp(1.0 / tau) + 1.0) ** 2 + 2.0) * np.cbrt(variation) + 4.0 / np.cbrt(variation) ** 2
    learner = np.sqrt(rounds) * (1.0 + actions / 2.0)
    return np.asarray((learner + factor * np.cbrt(rounds**2 * length)) / rounds)
