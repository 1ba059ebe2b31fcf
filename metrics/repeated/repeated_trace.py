"""What metrics of repeated games read from a trace: maps, play, and the decision problem of player_0."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...core.metric import trace_of
from ...core.traces.trace import Trace
from ...theory.repeated.interaction import Interaction, normalised


def maps_of(trace: Trace) -> list[Array]:
    """Every player's maps, (rounds, lanes, states, A_i), with rows normalised as in the rules.

    Raises:
        PalaestraError: The trace holds only actions: how opponents would have answered others is not known.
    """
    memory = trace.public.get("memory")
    if memory is None or any(np.shape(action)[2:3] != (memory.states,) for action in trace.actions):
        raise PalaestraError("This metric needs the opponents' maps: play with the option information='maps'.")
    return [normalised(np.asarray(action, np.float64)) for action in trace.actions]


def play_of(trace: Trace) -> Array:
    """The joint actions that were played: int64 (rounds, lanes, players)."""
    if "play" in trace.scoring:
        return np.asarray(trace.scoring["play"])
    if any(np.ndim(action) != 2 for action in trace.actions if not isinstance(action, dict)):
        raise PalaestraError("This metric needs the actions that were played: replay the trace first.")
    return np.stack(trace.actions, axis=-1)


def problem_of(trace: Trace) -> tuple[Interaction, Array, Array]:
    """The decision problem of player_0: the problem, its maps, and the probability of the others' actions by round."""
    maps = maps_of(trace)
    problem = Interaction.of(trace.instance, trace.public["memory"], 0)
    return problem, maps[0], problem.others(maps)


def utility_of(trace: Trace) -> Array:
    """What each action of player_0 would have earned against the others' actions: (rounds, lanes, A_0)."""
    play, counts = play_of(trace), trace.public["memory"].num_actions
    code = np.zeros(play.shape[:2], np.int64)
    for j in range(1, len(counts)):
        code = code * counts[j] + play[..., j]
    payoff = Interaction.of(trace.instance, trace.public["memory"], 0).payoff
    lane = np.arange(play.shape[1]) if len(payoff) > 1 else 0
    return np.moveaxis(payoff, 1, 2)[lane, code]


def all_defect_against_tit_for_tat() -> Trace:
    """Ten rounds of the prisoner's dilemma, for examples: defection earns 5 in the first round and then 1."""
    from ...theory.games.classics import CLASSICS
    from ...theory.repeated.memory import Memory

    memory = Memory((2, 2), 1)
    defect = np.tile([0.0, 1.0], (10, 1, memory.states, 1))
    copy = memory.table(1, lambda own, others: [1, 0] if not others or others[-1][0] == 0 else [0, 1])
    public = {"memory": memory}
    game = CLASSICS["prisoners_dilemma"].game
    return trace_of((defect, np.tile(copy, (10, 1, 1, 1))), instance=game, public=public)
