"""Agent-normal-form gain: the most one agent could have gained in the last round by withholding or by other play.

Each player's two stages count as two agents, and one agent deviates at a time: it withholds its promises to some
players, who then play a best response to the base game (the canonical threat), or it plays another action. 0 says
that the last round was an equilibrium of the agent normal form.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.metric import Example, Metric, Witness, trace_of
from ...core.traces.trace import Trace
from ...theory.games import NormalFormGame, deviation
from ..one_lane import one_lane
from .deviation_witness import deviation_witness
from .played_contract import played_contract


def _compute(trace: Trace) -> Array:
    game, contract = played_contract(trace)
    return deviation.agent_normal_form_gain(game, contract)


def _witness(trace: Trace, lane: int) -> Witness:
    return deviation_witness(*played_contract(one_lane(trace, lane)), at_once=False)


agent_normal_form_gain = Metric(
    "agent_normal_form_gain",
    _compute,
    "lower",
    "payoff",
    __doc__.partition(": ")[2].partition("\n")[0],
    optimum=0.0,
    witness=_witness,
)


def _round(promise: float) -> Trace:
    game = NormalFormGame.of([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    targets, play = np.zeros((2, 1, 2), int), np.array([[0], [0]])
    first = {"amounts": np.array([[[0.0, promise]], [[0.0, 0.0]]]), "targets": targets, "play": play}
    second = {"amounts": np.array([[[promise, 0.0]], [[0.0, 0.0]]]), "targets": targets, "play": play}
    return trace_of((first, second), instance=game)


# Both cooperate and a defector gains 2: promises of 2 make it content, and of 3.5 are more than a cooperator is worth.
EXAMPLES = (
    Example(lambda: _round(0.0), [2.0]),
    Example(lambda: _round(2.0), [0.0]),
    Example(lambda: _round(3.5), [0.5]),
)
