"""LRP-Regret: the regret of player_0 on linear surrogates of its payoff, against the best fixed map.

LRP_T = max over maps mu of sum_t <g_t, mu - pi_t>. Here g_t[s, a] = d_t(s) Q_t(s, a) is the gradient of the total
payoff with respect to the map of round t, taken at the maps that were played. The sum is linear in mu, so the maximum
is taken row by row. Per round. Source: section 2b of our reconstruction of arXiv 2606.06486.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from ...core.metric import Example, Metric, Witness
from ...core.traces.trace import Trace
from ..one_lane import one_lane
from .map_witness import strategy_name
from .repeated_trace import all_defect_against_tit_for_tat, problem_of

LOOK_AHEAD = 3
"""H of the agent whose bound is drawn."""

BOUND_MEANING = (
    "sqrt(T) bound of online gradient ascent on the linearised payoff (look-ahead 3, step 2 / sqrt(T), fixed "
    "comparator): it holds for the surrogates that the algorithm climbs"
)


def ascent_bound(trace: Trace) -> Array:
    """The standard bound on the regret of projected online gradient ascent, per round, after each round: (rounds,).

    Zinkevich 2003, Theorem 1, for the linear surrogates <g_t, mu> of section 2b, algorithm B, of our reconstruction of
    arXiv 2606.06486: after t rounds with step size eta, regret is at most D^2 / (2 eta) + eta G^2 t / 2, where

    1. D^2 = 2 n for n reachable histories: two rows of probabilities are at most sqrt(2) apart.
    2. g[s, a] = d(s) Q(s, a) with look-ahead H = 3. A constant added to a row of g changes neither <g, mu - pi> nor the
       projection. So a row counts by its deviation from mid-range, which is at most H / 2 in every entry when payoffs
       are scaled to a range of 1: G^2 = A (H / 2)^2, because d sums to 1.
    3. eta = 2 / sqrt(T) for the horizon T, the default rate of the agent `LinearisedRegret`.

    The bound is about H-round surrogates. Against opponents who forget at a geometric rate, these are the linearised
    payoffs up to a term that is geometric in H. RP-Regret itself is not linear: for it, the curve shows the rate and
    guarantees nothing.

    Raises:
        PalaestraError: A trace that is not of a repeated game.
    """
    memory, source = trace.public.get("memory"), trace.public.get("source")
    if memory is None or source is None:
        raise PalaestraError("This bound is for repeated games: the trace does not say its memory and its base game.")
    low, high = source.span
    actions = memory.num_actions[0]
    diameter, gradient = 2.0 * memory.reachable_count, actions * (LOOK_AHEAD / 2.0) ** 2
    rate, rounds = 2.0 / np.sqrt(trace.steps), np.arange(1, trace.steps + 1)
    bound: Array = (high - low) * (diameter / (2.0 * rate * rounds) + rate * gradient / 2.0)
    return bound


def _curve(trace: Trace) -> Array:
    """The average over the surrogates of the first rounds: (rounds, lanes)."""
    problem, own, others = problem_of(trace)
    gradient = problem.gradients(own, others)
    earned = np.cumsum(ordered_sum(ordered_sum(gradient * own)), axis=0)
    best = ordered_sum(np.cumsum(gradient, axis=0).max(-1))
    return np.asarray((best - earned) / np.arange(1, trace.steps + 1)[:, None])


def _witness(trace: Trace, lane: int) -> Witness:
    """The best map of the surrogates, row by row, and the sum of <g_t, mu - pi_t> over rounds."""
    problem, own, others = problem_of(one_lane(trace, lane))
    gradient = problem.gradients(own, others)
    actions = np.cumsum(gradient, axis=0)[-1].argmax(-1)
    ahead = np.take_along_axis(gradient, np.broadcast_to(actions, gradient.shape[:-1])[..., None], -1)[..., 0]
    value = float(ordered_sum(ordered_sum(ahead - ordered_sum(gradient * own)), 0)[0]) / trace.steps
    name = strategy_name(actions[0], problem.memory)
    return Witness(f"by the surrogates the map {name} is worth {value:.4g} a round more", value)


lrp_regret = Metric(
    "lrp_regret",
    None,
    better="lower",
    unit="payoff a round",
    meaning="The regret of player_0 per round on linear surrogates of its payoff, against the best fixed map.",
    curve=_curve,
    bound=ascent_bound,
    bound_meaning=BOUND_MEANING,
    optimum=0.0,
    beyond="a learner that changes its map at the right time may do better than any fixed map",
    witness=_witness,
    # What cooperating once gains against what follows on the path: 2 in round 0, 3 at (defect, cooperate) in round 1,
    # 3 at (defect, defect) in rounds 2 to 8, and -1 there in the last round. A row is chosen once for all rounds.
    examples=(Example(all_defect_against_tit_for_tat, [(2 + 3 + 7 * 3 - 1) / 10]),),
)
