"""RP-Regret a round of player_0 against the best fixed map of the game's memory.

What the best deterministic map would have earned, had it been played throughout and had the opponents' actual maps
answered the history it makes, minus what was earned, both in expectation over the maps. Full-information mode only.
Source: section 2b of our reconstruction of arXiv 2606.06486.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.metric import Example, Metric, Witness, trace_of
from ...core.traces.trace import Trace
from ...theory.repeated.comparators import best_fixed
from .ascent_bound import MEANING, ascent_bound
from .map_witness import best_fixed_map, map_witness
from .repeated_trace import problem_of


def _curve(trace: Trace) -> Array:
    """Regret a round after each round, (rounds, lanes)."""
    problem, own, others = problem_of(trace)
    earned = np.cumsum(problem.payoffs_of(own, others), axis=0)
    regret = best_fixed(problem, others) - earned
    return np.asarray(regret / np.arange(1, len(regret) + 1)[:, None])


WORDS = "playing the map {name} throughout would have earned {value} a round more"


def _witness(trace: Trace, lane: int) -> Witness:
    """The map, by its actions at histories in the order of `theory.repeated.memory.Memory`."""
    return map_witness(trace, lane, best_fixed_map, WORDS)


rp_regret = Metric(
    "rp_regret",
    None,
    "lower",
    "payoff a round",
    __doc__.partition("\n")[0],
    _curve,
    ascent_bound,
    f"{MEANING}; of RP-Regret it shows the rate",
    optimum=0.0,
    beyond="a learner that changes its map in time may earn more than any fixed map",
    witness=_witness,
)


def all_defect_against_tit_for_tat() -> Trace:
    """Ten rounds of the prisoner's dilemma, for examples: defection earns 5 and then 1 a round."""
    from ...theory.games.classics import CLASSICS
    from ...theory.repeated.memory import Memory

    memory = Memory((2, 2), 1)
    defect = np.tile([0.0, 1.0], (10, 1, memory.states, 1))
    copy = memory.table(1, lambda own, others: [1, 0] if not others or others[-1][0] == 0 else [0, 1])
    public = {"memory": memory}
    game = CLASSICS["prisoners_dilemma"].game
    return trace_of((defect, np.tile(copy, (10, 1, 1, 1))), instance=game, public=public)


EXAMPLES = (Example(all_defect_against_tit_for_tat, [(10 * 3 - (5 + 9)) / 10]),)
