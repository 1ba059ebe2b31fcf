"""What online gradient ascent on maps promises: the curve beside regrets of repeated games."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...core.traces.trace import Trace

LOOK_AHEAD = 3
"""H of the agent whose promise is drawn."""

MEANING = (
    "sqrt(T) bound of online gradient ascent on the linearised payoff (look-ahead 3, step 2 / sqrt(T), fixed "
    "comparator): it holds for the surrogates that the algorithm climbs"
)


def ascent_bound(trace: Trace) -> Array:
    """The standard bound on the regret of projected online gradient ascent, a round, after each round: (rounds,).

    Zinkevich 2003, Theorem 1, for the linear surrogates <g_t, mu> of section 2b, algorithm B, of our reconstruction of
    arXiv 2606.06486: after t rounds of step size eta, regret is at most D^2 / (2 eta) + eta G^2 t / 2, where

    1. D^2 = 2 n for n reachable histories: two rows of probabilities lie at most sqrt(2) apart.
    2. g[s, a] = d(s) Q(s, a) with look-ahead H = 3. A constant added to a row of g changes nothing in <g, mu - pi>, nor
       in the projection, so rows count by their deviation from mid-range, at most H / 2 in every entry when payoffs
       are scaled to a range of 1: G^2 = A (H / 2)^2, because d sums to 1.
    3. eta = 2 / sqrt(T) for the horizon T: the rate that the agent `LinearisedRegret` takes by default.

    The bound speaks of H-round surrogates. Against opponents who forget at a geometric rate these are the linearised
    payoffs up to a term geometric in H; RP-Regret itself is not linear, and for it the curve is the rate to compare
    with, not a promise.

    Raises:
        PalaestraError: A trace that is not of a repeated game.
    """
    memory, source = trace.public.get("memory"), trace.public.get("source")
    if memory is None or source is None:
        raise PalaestraError("This bound is of repeated games: the trace does not say its memory and its base game.")
    low, high = source.span
    actions = memory.num_actions[0]
    diameter, gradient = 2.0 * memory.reachable_count, actions * (LOOK_AHEAD / 2.0) ** 2
    rate, rounds = 2.0 / np.sqrt(trace.steps), np.arange(1, trace.steps + 1)
    bound: Array = (high - low) * (diameter / (2.0 * rate * rounds) + rate * gradient / 2.0)
    return bound
