"""RP-Regret a round of player_0 against maps of bounded variation: at most four exchanges of the map, at any time.

Exchanging a deterministic map changes every row by at most 2 in the 1-norm, so this is the class of comparators whose
variation is at most 8 times the number of histories, restricted to deterministic maps and to four moments of change.
The comparator may choose the moment and the next map by the history it finds itself in (`theory.repeated.comparators`).
Source: section 2b of our reconstruction of arXiv 2606.06486.
"""

from __future__ import annotations

from ...core.arrays import Array, ordered_sum
from ...core.metric import Example, Metric, Witness
from ...core.traces.trace import Trace
from ...theory.repeated.comparators import best_with_switches
from .controller_witness import controller_witness
from .repeated_trace import problem_of
from .rp_regret import all_defect_against_tit_for_tat

SWITCHES = 4


def _compute(trace: Trace) -> Array:
    problem, own, others = problem_of(trace)
    best = best_with_switches(problem, others, SWITCHES)
    return (best - ordered_sum(problem.payoffs_of(own, others), 0)) / trace.steps


def _witness(trace: Trace, lane: int) -> Witness:
    words = (
        "beginning with the map {first}, and four exchanges by the plan {print}, would have earned {value} a round more"
    )
    return controller_witness(trace, lane, SWITCHES, 1, words)


switching_rp_regret = Metric(
    "switching_rp_regret",
    _compute,
    "lower",
    "payoff a round",
    __doc__.partition("\n")[0],
    optimum=0.0,
    beyond="a learner that changes its map more often may earn more",
    witness=_witness,
)

EXAMPLES = (Example(all_defect_against_tit_for_tat, [(9 * 3 + 5 - (5 + 9)) / 10]),)
