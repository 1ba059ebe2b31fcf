"""Budget balance: the greatest difference in a round between the sum of rewards and the welfare of what was played.

Transfers between players move payoff and make none, so this is 0 up to rounding; anything else is a fault of the
rules or a tampered trace.
"""

from __future__ import annotations

import numpy as np

from ..core.arrays import Array, ordered_sum
from ..core.errors import PalaestraError
from ..core.games import Game, NormalFormGame
from ..core.metric import Example, Metric, trace_of
from ..core.trace import Trace


def _compute(trace: Trace) -> Array:
    if not isinstance(trace.instance, Game) or trace.rewards is None:
        raise PalaestraError("Budget balance needs rewards and the lanes' base games: replay the trace first.")
    game, stages = trace.instance, int(trace.public.get("stages", 1))
    plays = [action["play"] if isinstance(action, dict) else action for action in trace.actions]
    earned = ordered_sum(np.stack(trace.rewards, axis=0), 0)
    worst = np.zeros(trace.lanes)
    for last in range(stages - 1, trace.steps, stages):
        payoffs = game.payoffs_at([play[last] for play in plays], np.arange(trace.lanes))
        welfare = ordered_sum(np.stack(payoffs, axis=0), 0)
        worst = np.maximum(worst, np.abs(ordered_sum(earned[last - stages + 1 : last + 1], 0) - welfare))
    return worst


budget_balance = Metric("budget_balance", _compute, "lower", "payoff", __doc__.partition(": ")[2].partition("\n")[0])


def _one_round(leak: float) -> Trace:
    game = NormalFormGame.of([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    play = ({"play": np.array([[0], [0]])}, {"play": np.array([[0], [1]])})
    rewards = (np.array([[0.0], [2.0]]), np.array([[0.0], [3.0 - leak]]))
    return trace_of(play, rewards, instance=game, public={"stages": 2})


EXAMPLES = (Example(lambda: _one_round(0.0), [0.0]), Example(lambda: _one_round(0.5), [0.5]))
