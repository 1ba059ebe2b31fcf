"""One-shot deviation: the most that any player gains by one deviation, at any history, from the maps of the last round.

The maps of the last round are kept for the next ten rounds; a gain is the total payoff of these rounds with one
deviation, minus that without. By the one-shot deviation principle, 0 at every reachable history proves that the maps
are a subgame-perfect equilibrium of the game of that length. Source: section 2c of our reconstruction of
arXiv 2606.06486; the length is our choice.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.metric import Example, Metric, Witness
from ...core.traces.trace import Trace
from ...theory.repeated.interaction import Interaction
from ..one_lane import one_lane
from .repeated_trace import all_defect_against_tit_for_tat, maps_of

LOOK_AHEAD = 10
"""Rounds over which a gain is counted."""


def one_shot_gains(problem: Interaction, own: Array, others: Array, look_ahead: int = LOOK_AHEAD) -> Array:
    """The gain of the best single deviation at every history, in total payoff of `look_ahead` rounds: (lanes, states).

    Args:
        problem: Of the deviating player.
        own: Its map (lanes, states, A_i).
        others: The probability of the others' joint actions (lanes, states, O).
        look_ahead: Rounds that count, including the round of the deviation; at least 1.
    """
    value = np.zeros(own.shape[:2])
    for _ in range(look_ahead):
        values = problem.action_values(others, value)
        value = ordered_sum(own * values)
    return np.asarray(values.max(-1) - value)


def _compute(trace: Trace) -> Array:
    maps = [table[-1] for table in maps_of(trace)]
    memory, worst = trace.public["memory"], []
    for player, own in enumerate(maps):
        problem = Interaction.of(trace.instance, memory, player)
        gains = one_shot_gains(problem, own, problem.others(maps))
        worst.append(gains[:, memory.reachable].max(-1))
    return np.max(worst, axis=0)


def _witness(trace: Trace, lane: int) -> Witness:
    """The player, history and action of the deviation, with both continuations played forwards from there."""
    alone, memory = one_lane(trace, lane), trace.public["memory"]
    maps = [table[-1] for table in maps_of(alone)]
    problems = [Interaction.of(alone.instance, memory, player) for player in range(len(maps))]
    gains = np.stack([one_shot_gains(p, own, p.others(maps))[0] for p, own in zip(problems, maps, strict=True)])
    at = np.where(memory.reachable, gains, -np.inf).argmax()
    player, state = (int(part) for part in np.unravel_index(at, gains.shape))
    problem, own, found = problems[player], maps[player], []
    kept = _forwards(problem, own, own, problem.others(maps), state)
    for action in range(own.shape[-1]):
        once = own.copy()
        once[0, state] = np.eye(own.shape[-1])[action]
        found.append(_forwards(problem, once, own, problem.others(maps), state) - kept)
    action, gain = int(np.argmax(found)), max(found)
    named = f"playing action {action} once at history {state}"
    return Witness(f"player_{player} gains {gain:.4g} in {LOOK_AHEAD} rounds by {named}", gain)


def _forwards(problem: Interaction, first: Array, later: Array, others: Array, state: int) -> float:
    """Total payoff of `LOOK_AHEAD` rounds from a history, with one map in the first of them and another afterwards."""
    law, total = np.eye(problem.memory.states)[[state]], 0.0
    for t in range(LOOK_AHEAD):
        own = first if t == 0 else later
        total += float(ordered_sum(law * ordered_sum(own * problem.stage(others)))[0])
        law = problem.next_occupancy(law, own, others)
    return total


one_shot_deviation = Metric(
    "one_shot_deviation",
    _compute,
    better="lower",
    unit="payoff",
    meaning="The most that any player gains by one deviation, at any history, from the maps of the last round.",
    optimum=0.0,
    witness=_witness,
    # The defector gains by cooperating once after (defect, defect): 0 and then 5, instead of 1 and 1.
    examples=(Example(all_defect_against_tit_for_tat, [0 + 5 - (1 + 1)]),),
)
