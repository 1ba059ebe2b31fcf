"""What a trace of a repeated game in the full-information mode says to metrics."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...core.traces.trace import Trace
from ...theory.repeated.interaction import Interaction, normalised


def maps_of(trace: Trace) -> list[Array]:
    """Every player's maps, (rounds, lanes, states, A_i), rows normalised as the rules do.

    Raises:
        PalaestraError: The trace holds actions alone: what opponents would have answered is not known.
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
    """The decision problem of player_0: the problem, its maps, and the chance of the others' actions, by rounds."""
    maps = maps_of(trace)
    problem = Interaction.of(trace.instance, trace.public["memory"], 0)
    return problem, maps[0], problem.others(maps)


def utility_of(trace: Trace) -> Array:
    """What each action of player_0 would have earned against the actions the others played: (rounds, lanes, A_0)."""
    play, counts = play_of(trace), trace.public["memory"].num_actions
    code = np.zeros(play.shape[:2], np.int64)
    for j in range(1, len(counts)):
        code = code * counts[j] + play[..., j]
    payoff = Interaction.of(trace.instance, trace.public["memory"], 0).payoff
    lane = np.arange(play.shape[1]) if len(payoff) > 1 else 0
    return np.moveaxis(payoff, 1, 2)[lane, code]
