"""Base deviation gain: the most a player could have gained alone in the last round's base game, without transfers.

The profile is the joint action of the last round. 0 says that it was a Nash equilibrium of the base game: then
transfers were not needed.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.metric import Example, Metric, Witness, trace_of
from ...core.traces.trace import Trace
from ...theory.games import NormalFormGame, deviation
from ..one_lane import one_lane
from .played_contract import played_contract


def _compute(trace: Trace) -> Array:
    game, contract = played_contract(trace)
    return deviation.base_deviation_gain(game, contract.profile)


def _witness(trace: Trace, lane: int) -> Witness:
    """The best deviation of one player, looked up in the base game's table."""
    game, contract = played_contract(one_lane(trace, lane))
    play = list(contract.profile.argmax(-1).T)
    payoffs, best = game.payoffs_at(play), Witness("no player gains by another action alone", 0.0)
    for player, count in enumerate(game.num_actions):
        for action in range(count):
            deviated = [*play[:player], np.array([action]), *play[player + 1 :]]
            gain = float(game.payoffs_at(deviated)[player][0] - payoffs[player][0])
            if gain > best.value + 1e-12:
                best = Witness(f"player_{player} gains {gain:.4g} by action {action}", gain)
    return best


base_deviation_gain = Metric(
    "base_deviation_gain",
    _compute,
    "lower",
    "payoff",
    __doc__.partition(": ")[2].partition("\n")[0],
    optimum=0.0,
    witness=_witness,
)


def _round(promise: float) -> Trace:
    game = NormalFormGame.of([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    nothing = np.zeros((2, 1, 2))
    first = {"amounts": nothing, "targets": nothing.astype(int), "play": np.array([[0], [0]])}
    second = first | {"amounts": np.array([[[promise, 0.0]], [[0.0, 0.0]]])}
    return trace_of((first, second), instance=game)


# Both cooperate: a defector would earn 5 instead of 3, whatever was promised.
EXAMPLES = (Example(lambda: _round(0.0), [2.0]), Example(lambda: _round(2.0), [2.0]))
