"""RP-Regret: what player_0 would have earned more by other maps, had the opponents' maps answered the new history.

The comparator's maps are played against the opponents' actual maps, which respond to the history that this makes. What
was earned is subtracted; both are expectations over the maps, per round. Only the full-information mode tells the maps.
The metrics of this family differ in the comparator:

- `rp_regret`: RP-Regret against the best fixed map of the game's memory. The map is deterministic and played
  throughout.
- `rp_regret_at_least`: a lower bound on RP-Regret, for memories with too many maps to try all of them. With at most
  4,096 maps all are tried, and it equals `rp_regret`; otherwise maps are improved row by row (`improved_fixed`).
- `block_rp_regret`: RP-Regret against maps that may change ten times an episode, at the starts of equal blocks.
- `switching_rp_regret`: RP-Regret against maps that change at most four times, at any time. A change moves every row by
  at most 2 in the 1-norm, so these are comparators whose variation is at most 8 times the number of histories,
  restricted to deterministic maps and to four moments of change.
- `dynamic_rp_regret`: RP-Regret against any strategy of the game's memory, free to change every round. This bounds all
  the others from above, so `rp_regret_at_least` and `dynamic_rp_regret` enclose RP-Regret whatever the memory.

With blocks and with changes, the comparator may choose the next map by the history it is in. Where play is random, this
is an upper bound on the regret against sequences that are fixed beforehand. The algorithms are in
`palaestra.theory.repeated.comparators`.

Source: sections 2b and 2c of our reconstruction of arXiv 2606.06486; `dynamic` is instance N1 of section 2c.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal, NamedTuple

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import UnknownName
from ...core.metric import Example, Metric, Witness
from ...core.traces.trace import Trace
from ...theory.repeated.comparators import best_fixed, best_in_blocks, best_with_switches, improved_fixed
from ...theory.repeated.interaction import Interaction
from .controller_witness import controller_witness
from .lrp_regret import BOUND_MEANING, ascent_bound
from .map_witness import best_fixed_map, map_witness
from .repeated_trace import all_defect_against_tit_for_tat, problem_of

BLOCKS = 10
"""Blocks of the comparator that keeps a map within each block."""

SWITCHES = 4
"""Changes of the comparator that may change its map at any time."""


def rp_regret(comparator: Literal["fixed", "found", "blocks", "switches", "dynamic"] = "fixed") -> Metric:
    """A metric of the family.

    Args:
        comparator: What player_0 is compared with: the best fixed map ("fixed"), the best fixed map that a local search
            finds ("found"), a map per block, a bounded number of switches, or any strategy of the memory ("dynamic").
    """
    if comparator not in _COMPARATORS:
        raise UnknownName("comparator of rp_regret", comparator, _COMPARATORS)
    chosen, fixed = _COMPARATORS[comparator], comparator == "fixed"
    return Metric(
        "rp_regret",
        None if fixed else partial(_compute, best=chosen.best),
        better="lower",
        unit="payoff a round",
        meaning=f"RP-Regret of player_0 per round {chosen.meaning}.",
        curve=_fixed_curve if fixed else None,
        bound=ascent_bound if fixed else None,
        bound_meaning=f"{BOUND_MEANING}; for RP-Regret it only shows the rate" if fixed else "",
        optimum=0.0,
        beyond=chosen.beyond,
        witness=chosen.witness,
        examples=(Example(all_defect_against_tit_for_tat, [(chosen.example - (5 + 9)) / 10]),),
    )


def _compute(trace: Trace, best: Callable[[Interaction, Array], Array]) -> Array:
    problem, own, others = problem_of(trace)
    return (best(problem, others) - ordered_sum(problem.payoffs_of(own, others), 0)) / trace.steps


def _fixed_curve(trace: Trace) -> Array:
    """Regret per round after each round: (rounds, lanes)."""
    problem, own, others = problem_of(trace)
    earned = np.cumsum(problem.payoffs_of(own, others), axis=0)
    regret = best_fixed(problem, others) - earned
    return np.asarray(regret / np.arange(1, len(regret) + 1)[:, None])


def _fixed(problem: Interaction, others: Array) -> Array:
    return best_fixed(problem, others)[-1]


def _found(problem: Interaction, others: Array) -> Array:
    return _fixed(problem, others) if problem.enumerable else improved_fixed(problem, others)[1]


def _found_map(problem: Interaction, others: Array) -> Array:
    return best_fixed_map(problem, others) if problem.enumerable else improved_fixed(problem, others)[0]


def _in_blocks(problem: Interaction, others: Array) -> Array:
    return best_in_blocks(problem, others, _block(len(others)))


def _block(rounds: int) -> int:
    return max(1, rounds // BLOCKS)


def _with_switches(problem: Interaction, others: Array) -> Array:
    return best_with_switches(problem, others, SWITCHES)


def _dynamic(problem: Interaction, others: Array) -> Array:
    return problem.best_reply(others)[1]


def _dynamic_maps(problem: Interaction, others: Array) -> Array:
    return problem.best_reply(others)[0]


def _fixed_witness(trace: Trace, lane: int, find: Callable[[Interaction, Array], Array]) -> Witness:
    """The map, named by its actions at histories in the order of `theory.repeated.memory.Memory`."""
    words = "playing the map {name} throughout would have earned {value} a round more"
    return map_witness(trace, lane, find, words)


def _blocks_witness(trace: Trace, lane: int) -> Witness:
    words = "exchanging maps every block, the first {first}, by the plan {print} would have earned {value} a round more"
    return controller_witness(trace, lane, None, _block(trace.steps), words)


def _switches_witness(trace: Trace, lane: int) -> Witness:
    words = (
        "beginning with the map {first}, and four exchanges by the plan {print}, would have earned {value} a round more"
    )
    return controller_witness(trace, lane, SWITCHES, 1, words)


def _dynamic_witness(trace: Trace, lane: int) -> Witness:
    words = "the sequence of maps {name} would have earned {value} a round more"
    return map_witness(trace, lane, _dynamic_maps, words)


class _Comparator(NamedTuple):
    """What player_0 is compared with.

    Attributes:
        best: Problem and the others' chances (rounds, lanes, states, O) -> the comparator's payoff over all rounds.
        witness: The comparator of a lane, played again.
        meaning: The end of the metric's sentence.
        beyond: How a learner may do better than the comparator.
        example: The comparator's payoff in ten rounds against tit-for-tat in the prisoner's dilemma.
    """

    best: Callable[[Interaction, Array], Array]
    witness: Callable[[Trace, int], Witness]
    meaning: str
    beyond: str
    example: float


_CHANGES = "a learner that changes its map at the right time may earn more than any fixed map"
_CHANGES_MORE = "a learner that changes its map more often may earn more"

# The best fixed map cooperates in all ten rounds; a comparator that may change defects in the last.
_COOPERATES, _DEFECTS_LAST = 10 * 3, 9 * 3 + 5

_COMPARATORS = {
    "fixed": _Comparator(
        _fixed,
        partial(_fixed_witness, find=best_fixed_map),
        "against the best fixed map of the game's memory",
        _CHANGES,
        _COOPERATES,
    ),
    "found": _Comparator(
        _found,
        partial(_fixed_witness, find=_found_map),
        "against the best fixed map that was found: a lower bound, for memories with too many maps to try all of them",
        _CHANGES,
        _COOPERATES,
    ),
    "blocks": _Comparator(
        _in_blocks,
        _blocks_witness,
        "against maps that may change ten times an episode, at the starts of equal blocks",
        _CHANGES_MORE,
        _DEFECTS_LAST,
    ),
    "switches": _Comparator(
        _with_switches,
        _switches_witness,
        "against maps of bounded variation: at most four changes of the map, at any time",
        _CHANGES_MORE,
        _DEFECTS_LAST,
    ),
    "dynamic": _Comparator(
        _dynamic,
        _dynamic_witness,
        "against any strategy of the game's memory, free to change every round: an upper bound on the others",
        "",
        _DEFECTS_LAST,
    ),
}
