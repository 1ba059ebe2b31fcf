"""Budget balance: the greatest difference, over rounds, between the sum of rewards and the welfare of the joint action.

Transfers between players move payoff and create none, so this is 0 up to rounding. Any other value points to a bug in
the rules or to a tampered trace.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from ...core.metric import Example, Metric, Witness, trace_of
from ...core.traces.trace import Trace
from ...theory.games import Game, NormalFormGame
from ..one_lane import one_lane


def _plays(trace: Trace) -> list[Array]:
    return [action["play"] if isinstance(action, dict) else action for action in trace.actions]


def _gaps(trace: Trace) -> Array:
    """The difference in every round: (rounds, lanes)."""
    if not isinstance(trace.instance, Game) or trace.rewards is None:
        raise PalaestraError("Budget balance needs rewards and the lanes' base games: replay the trace first.")
    game, stages = trace.instance, int(trace.public.get("stages", 1))
    earned, gaps = ordered_sum(np.stack(trace.rewards, axis=0), 0), []
    for last in range(stages - 1, trace.steps, stages):
        payoffs = game.payoffs_at([play[last] for play in _plays(trace)], np.arange(trace.lanes))
        welfare = ordered_sum(np.stack(payoffs, axis=0), 0)
        gaps.append(np.abs(ordered_sum(earned[last - stages + 1 : last + 1], 0) - welfare))
    return np.array(gaps).reshape(-1, trace.lanes)


def _compute(trace: Trace) -> Array:
    return _gaps(trace).max(axis=0, initial=0.0)


def _witness(trace: Trace, lane: int) -> Witness:
    """The round of the greatest difference (the first of several), looked up again in the lane's own table."""
    alone, stages = one_lane(trace, lane), int(trace.public.get("stages", 1))
    gaps = _gaps(alone)[:, 0]
    if not len(gaps):
        return Witness("no round was played to its end", 0.0)
    worst = int(gaps.argmax())
    steps = slice(worst * stages, (worst + 1) * stages)
    profile = [play[steps.stop - 1] for play in _plays(alone)]
    welfare = sum(float(one[0]) for one in alone.instance.payoffs_at(profile))
    rewards = sum(float(own[steps, 0].sum()) for own in alone.rewards or ())
    text = f"in round {worst} the rewards add up to {rewards:.6g} and the welfare is {welfare:.6g}"
    return Witness(text, abs(rewards - welfare))


def _one_round(leak: float) -> Trace:
    game = NormalFormGame.of([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    play = ({"play": np.array([[0], [0]])}, {"play": np.array([[0], [1]])})
    rewards = (np.array([[0.0], [2.0]]), np.array([[0.0], [3.0 - leak]]))
    return trace_of(play, rewards, instance=game, public={"stages": 2})


budget_balance = Metric(
    "budget_balance",
    _compute,
    better="lower",
    unit="payoff",
    meaning="The greatest difference, over rounds, between the sum of rewards and the welfare of the joint action.",
    optimum=0.0,
    witness=_witness,
    examples=(Example(lambda: _one_round(0.0), [0.0]), Example(lambda: _one_round(0.5), [0.5])),
)
