"""RP-Regret a round of player_0 against comparators without a bound on their variation: an upper bound on all others.

What the best strategy of the game's memory, free to change every round, would have earned against the opponents'
actual maps (dynamic programming; exact, mixed strategies included) minus what was earned. It is linear in general:
instance N1 of section 2c of our reconstruction of arXiv 2606.06486.
"""

from __future__ import annotations

from ...core.arrays import Array, ordered_sum
from ...core.metric import Example, Metric, Witness
from ...core.traces.trace import Trace
from ...theory.repeated.interaction import Interaction
from .map_witness import map_witness
from .repeated_trace import problem_of
from .rp_regret import all_defect_against_tit_for_tat


def _compute(trace: Trace) -> Array:
    problem, own, others = problem_of(trace)
    _, best = problem.best_reply(others)
    return (best - ordered_sum(problem.payoffs_of(own, others), 0)) / trace.steps


def _reply(problem: Interaction, others: Array) -> Array:
    return problem.best_reply(others)[0]


def _witness(trace: Trace, lane: int) -> Witness:
    return map_witness(trace, lane, _reply, "the sequence of maps {name} would have earned {value} a round more")


dynamic_rp_regret = Metric(
    "dynamic_rp_regret",
    _compute,
    "lower",
    "payoff a round",
    __doc__.partition("\n")[0],
    optimum=0.0,
    witness=_witness,
)

# Cooperate nine times and defect in the last round: 9 * 3 + 5, against 5 + 9 * 1.
EXAMPLES = (Example(all_defect_against_tit_for_tat, [(9 * 3 + 5 - (5 + 9)) / 10]),)
