"""Augmented gain: the most one player could have gained in the last round by withholding and other play at once.

As `agent_normal_form_gain`, but one player owns both of its stages: it may withhold, so that others play their
threats (a best response in the base game), and play what is best against those. 0 says that the last round was an
equilibrium of the whole two-stage game.
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
    return deviation.augmented_gain(game, contract)


def _witness(trace: Trace, lane: int) -> Witness:
    return deviation_witness(*played_contract(one_lane(trace, lane)), at_once=True)


augmented_gain = Metric(
    "augmented_gain",
    _compute,
    "lower",
    "payoff",
    __doc__.partition(": ")[2].partition("\n")[0],
    optimum=0.0,
    witness=_witness,
)


def _withholding() -> Trace:
    game = NormalFormGame.of([[[0, 0], [1, -1]], [[3, 2.5], [1, 2.9]]])
    targets, play = np.zeros((2, 1, 2), int), np.array([[0], [0]])
    first = {"amounts": np.zeros((2, 1, 2)), "targets": targets, "play": play}
    second = first | {"amounts": np.array([[[1.0, 0.0]], [[0.0, 0.0]]])}
    return trace_of((first, second), instance=game)


# Transfers sheet 1c: player_1 earns 3 - 1 = 2, and 2.9 when it withholds and plays R against D.
EXAMPLES = (Example(_withholding, [2.9 - 2.0]),)
