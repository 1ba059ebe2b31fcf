"""Rejection gain: the most that any player would gain, in any round, by being the only one to reject the offer.

The offers are the binding ones, which the rules write to the trace's scoring, whether or not they were accepted. 0
means that no player would gain in any round.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.metric import Example, Metric, Witness, trace_of
from ...core.traces.trace import Trace
from ...theory.games import Game, NormalFormGame
from ...theory.games.rejection import gain_of_rejecting
from ..one_lane import one_lane

STAGES = 3
"""Steps of a round: the offer, the answers, the play."""


def _compute(trace: Trace) -> Array:
    game: Game = trace.instance
    offer = [trace.scoring[key] for key in ("profile", "transfers", "punishments")]
    worst = np.zeros(trace.lanes)
    for step in range(0, trace.steps, STAGES):
        gains = gain_of_rejecting(game.normal_form(), *(part[step] for part in offer))
        worst = np.maximum(worst, gains.max(axis=1))
    return worst


def _witness(trace: Trace, lane: int) -> Witness:
    """The round, the player, and its action after rejecting, looked up in the game's table."""
    alone = one_lane(trace, lane)
    game, offer = alone.instance.normal_form(), [alone.scoring[key] for key in ("profile", "transfers", "punishments")]
    rounds = range(0, alone.steps, STAGES)
    gains = np.stack([gain_of_rejecting(game, *(part[step] for part in offer))[0] for step in rounds])
    at, player = (int(part) for part in np.unravel_index(np.argmax(gains), gains.shape))
    profile, transfers, punishments = (part[rounds[at], 0] for part in offer)
    table = game.payoffs[0, player]
    accepting = float(table[tuple(profile)]) + float(transfers[player])
    others = np.moveaxis(table, player, 0).reshape(table.shape[player], -1)
    rejecting = others @ punishments[player][: others.shape[1]]
    action, gain = int(np.argmax(rejecting)), float(rejecting.max()) - accepting
    if gain <= 0:
        return Witness("nobody would gain by rejecting an offer alone", 0.0)
    offered = f"the offer of round {at} and playing action {action}"
    return Witness(f"player_{player} would gain {gain:.4g} by rejecting {offered}", gain)


def _dilemma(transfer: float, threat: tuple[float, float]) -> Trace:
    """The prisoner's dilemma (3, 0, 5, 1) with mutual cooperation as the offer: one lane, one round."""
    game = NormalFormGame.of([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    scoring = {
        "profile": np.zeros((3, 1, 2), np.int64),
        "transfers": np.tile(np.array([transfer, -transfer]), (3, 1, 1)),
        "punishments": np.tile(np.array([threat, threat]), (3, 1, 1, 1)),
    }
    return trace_of((np.zeros((3, 1)),) * 3, scoring=scoring, instance=game)


rejection_gain = Metric(
    "rejection_gain",
    _compute,
    better="lower",
    unit="payoff",
    meaning="The most that any player would gain, in any round, by being the only one to reject the offer.",
    optimum=0.0,
    witness=_witness,
    examples=(
        Example(lambda: _dilemma(0.0, (0.0, 1.0)), [0.0]),
        Example(lambda: _dilemma(0.0, (1.0, 0.0)), [2.0]),
        Example(lambda: _dilemma(2.5, (0.0, 1.0)), [0.5]),
    ),
)
