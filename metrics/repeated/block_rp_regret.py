"""RP-Regret a round of player_0 against maps that may be exchanged ten times an episode, at equal blocks.

The comparator keeps a deterministic map of the game's memory within each tenth of the episode. It may choose the next
map by the history it finds itself in, so where play is random this is an upper bound on the regret against sequences
fixed beforehand (`theory.repeated.comparators`). Source: section 2b of our reconstruction of arXiv 2606.06486.
"""

from __future__ import annotations

from ...core.arrays import Array, ordered_sum
from ...core.metric import Example, Metric, Witness
from ...core.traces.trace import Trace
from ...theory.repeated.comparators import best_in_blocks
from .controller_witness import controller_witness
from .repeated_trace import problem_of
from .rp_regret import all_defect_against_tit_for_tat

BLOCKS = 10


def _compute(trace: Trace) -> Array:
    problem, own, others = problem_of(trace)
    best = best_in_blocks(problem, others, max(1, trace.steps // BLOCKS))
    return (best - ordered_sum(problem.payoffs_of(own, others), 0)) / trace.steps


def _witness(trace: Trace, lane: int) -> Witness:
    words = "exchanging maps every block, the first {first}, by the plan {print} would have earned {value} a round more"
    return controller_witness(trace, lane, None, max(1, trace.steps // BLOCKS), words)


block_rp_regret = Metric(
    "block_rp_regret",
    _compute,
    "lower",
    "payoff a round",
    __doc__.partition("\n")[0],
    optimum=0.0,
    beyond="a learner that changes its map more often may earn more",
    witness=_witness,
)

# Ten rounds in ten blocks: the comparator is free, and defects in the last round.
EXAMPLES = (Example(all_defect_against_tit_for_tat, [(9 * 3 + 5 - (5 + 9)) / 10]),)
