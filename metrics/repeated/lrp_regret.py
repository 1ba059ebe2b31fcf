"""LRP-Regret a round of player_0: the regret of the linear surrogates of its payoff, against the best fixed map.

LRP_T = max over maps mu of sum_t <g_t, mu - pi_t>, where g_t[s, a] = d_t(s) Q_t(s, a) is the gradient of total payoff
in the map of round t at what was actually played. Linear, so the maximum is taken row by row. Source: section 2b of
our reconstruction of arXiv 2606.06486.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.metric import Example, Metric, Witness
from ...core.traces.trace import Trace
from ..one_lane import one_lane
from .ascent_bound import MEANING, ascent_bound
from .map_witness import strategy_name
from .repeated_trace import problem_of
from .rp_regret import all_defect_against_tit_for_tat


def _curve(trace: Trace) -> Array:
    """The average over the first rounds' surrogates, (rounds, lanes)."""
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
    "lower",
    "payoff a round",
    __doc__.partition(": ")[2].partition("\n")[0],
    _curve,
    ascent_bound,
    MEANING,
    optimum=0.0,
    beyond="a learner that changes its map in time may do better than any fixed map",
    witness=_witness,
)

# What cooperating once gains against what follows on the path: 2 in round 0, 3 at (defect, cooperate) in round 1, 3 at
# (defect, defect) in rounds 2 to 8, and -1 there in the last round; a row is chosen once for all rounds.
EXAMPLES = (Example(all_defect_against_tit_for_tat, [(2 + 3 + 7 * 3 - 1) / 10]),)
