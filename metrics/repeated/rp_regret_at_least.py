"""A lower bound of player_0's RP-Regret a round, for memories with too many maps to look at all of them.

What the best fixed deterministic map that was found earns more than was earned; `dynamic_rp_regret` bounds RP-Regret
from above, so the two enclose it whatever the memory. Where there are at most 4,096 maps all are looked at, and it is
`rp_regret` itself; else maps are improved row by row (`theory.repeated.comparators.improved_fixed`). Source: section 2b
of our reconstruction of arXiv 2606.06486.
"""

from __future__ import annotations

from ...core.arrays import Array, ordered_sum
from ...core.metric import Example, Metric, Witness
from ...core.traces.trace import Trace
from ...theory.repeated.comparators import best_fixed, improved_fixed
from ...theory.repeated.interaction import Interaction
from .map_witness import best_fixed_map, map_witness
from .repeated_trace import problem_of
from .rp_regret import WORDS, all_defect_against_tit_for_tat


def _compute(trace: Trace) -> Array:
    problem, own, others = problem_of(trace)
    best = best_fixed(problem, others)[-1] if problem.enumerable else improved_fixed(problem, others)[1]
    return (best - ordered_sum(problem.payoffs_of(own, others), 0)) / trace.steps


def _found(problem: Interaction, others: Array) -> Array:
    return best_fixed_map(problem, others) if problem.enumerable else improved_fixed(problem, others)[0]


def _witness(trace: Trace, lane: int) -> Witness:
    return map_witness(trace, lane, _found, WORDS)


rp_regret_at_least = Metric(
    "rp_regret_at_least",
    _compute,
    "lower",
    "payoff a round",
    __doc__.partition("\n")[0],
    optimum=0.0,
    beyond="a learner that changes its map in time may earn more than any fixed map",
    witness=_witness,
)

EXAMPLES = (Example(all_defect_against_tit_for_tat, [(10 * 3 - (5 + 9)) / 10]),)
