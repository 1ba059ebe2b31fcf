"""Policy regret: the regret of player_0 per round against the best constant action, had the opponents answered it.

Opponents answer by the maps that they actually played. Sources: Arora, Dekel, Tewari, "Online bandit learning against
an adaptive adversary" (ICML 2012); for games, Arora et al., "Policy regret in repeated games" (NeurIPS 2018).
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.metric import Example, Metric, Witness
from ...core.traces.trace import Trace
from ...theory.repeated.interaction import Interaction
from .map_witness import map_witness
from .repeated_trace import all_defect_against_tit_for_tat, problem_of


def _curve(trace: Trace) -> Array:
    problem, own, others = problem_of(trace)
    actions = own.shape[-1]
    constant = [np.broadcast_to(np.eye(actions)[a], own.shape) for a in range(actions)]
    best = np.max([np.cumsum(problem.payoffs_of(table, others), axis=0) for table in constant], axis=0)
    regret = best - np.cumsum(problem.payoffs_of(own, others), axis=0)
    return np.asarray(regret / np.arange(1, len(regret) + 1)[:, None])


def _constant(problem: Interaction, others: Array) -> Array:
    """The best constant action, the first of several, at every history."""
    pure, lanes = np.eye(problem.memory.num_actions[problem.player]), others.shape[:3]
    totals = [
        np.cumsum(problem.payoffs_of(np.broadcast_to(row, (*lanes, len(pure))), others), axis=0)[-1] for row in pure
    ]
    best = np.argmax(np.stack(totals) >= np.max(totals, axis=0) - 1e-9, axis=0)
    return np.repeat(best[:, None], others.shape[2], axis=1)


def _witness(trace: Trace, lane: int) -> Witness:
    """The map of a constant action plays it at every history."""
    return map_witness(trace, lane, _constant, "the constant map {name} would have earned {value} a round more")


policy_regret = Metric(
    "policy_regret",
    None,
    better="lower",
    unit="payoff a round",
    meaning="The regret of player_0 per round against the best constant action, had the opponents' maps answered it.",
    curve=_curve,
    optimum=0.0,
    beyond="a learner that reacts to its opponents may earn more than any constant action",
    witness=_witness,
    # Always cooperating would have earned 3 per round; always defecting earned 5 once and 1 after that.
    examples=(Example(all_defect_against_tit_for_tat, [(10 * 3 - (5 + 9)) / 10]),),
)
