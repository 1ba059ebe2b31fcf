"""Coarse-correlated gap: the most that a player of the base game would have gained per round by one fixed action.

The fixed action is played against what the others did in all plays. A gap of 0 means that the average of the joint play
is a coarse correlated equilibrium.
"""

from __future__ import annotations

from math import log, sqrt
from typing import Any

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from ...core.metric import Example, Metric, Witness, trace_of
from ...core.traces.trace import Trace
from ...theory.games import NormalFormGame, PolymatrixGame
from ...theory.games.coarse_correlated_gap import coarse_correlated_gap as gap_of
from ...theory.games.coarse_correlated_gap import coarse_correlated_gap_of_strategies
from ..one_lane import one_lane


def _stages(trace: Trace) -> int:
    """Steps per play: two in transfer games, where promises come first."""
    return 2 if isinstance(trace.actions[0], dict) else 1


def _plays(trace: Trace) -> Array:
    """The pure profiles, (plays, lanes, players): the second stage of two-stage games, otherwise every step."""
    own = [action["play"][1::2] if isinstance(action, dict) else action for action in trace.actions]
    plays = np.stack(own, axis=-1)
    if plays.ndim != 3 or plays.dtype.kind not in "iu":
        raise PalaestraError(f"The coarse-correlated gap is of pure plays in a game; {trace.env_id} has none.")
    return plays


def _compute(trace: Trace) -> Array:
    if not isinstance(trace.instance, (NormalFormGame, PolymatrixGame)):
        raise PalaestraError(f"The coarse-correlated gap needs the base game; {trace.env_id} has none.")
    return _curve(trace)[-1] if "strategies" in trace.scoring else gap_of(trace.instance, _plays(trace))


def _curve(trace: Trace) -> Array:
    """The gap after each step; 0 before anything was played."""
    strategies = trace.scoring.get("strategies")
    if strategies is None:
        strategies = np.eye(trace.instance.most_actions)[_plays(trace)]
    gaps = coarse_correlated_gap_of_strategies(trace.instance, strategies)
    plays = (np.arange(trace.steps) + 1) // _stages(trace)
    return np.where(plays[:, None] > 0, gaps[np.maximum(plays, 1) - 1], 0.0)


def _witness(trace: Trace, lane: int) -> Witness:
    """The player, the action, and the payoff of the action against all plays minus that of the actual play."""
    alone = one_lane(trace, lane)
    game, joint = alone.instance, alone.scoring.get("strategies")
    joint = np.eye(game.most_actions)[_plays(alone)] if joint is None else np.asarray(joint)
    gain = np.zeros(joint.shape[1:])
    for law in joint:
        values = game.action_values(law)
        gain = gain + (values - ordered_sum(values * law)[..., None])
    missing = np.arange(game.most_actions) >= np.array(game.num_actions)[:, None]
    player, action = np.unravel_index(np.where(missing, -np.inf, gain[0]).argmax(), gain.shape[1:])
    law, fixed = joint[:, 0], joint[:, 0].copy()
    fixed[:, player] = np.eye(game.most_actions)[action]
    value = float(ordered_sum(game.expected(fixed)[:, player] - game.expected(law)[:, player], 0)) / len(law)
    return Witness(f"player_{player} by always playing action {action}: {value:.4g} a round more", value)


def _bound(trace: Trace) -> Array:
    """(s / 2) (log A / (eta t) + eta / 2) with eta = sqrt(2 log A / T), for payoffs of span s; never above s.

    Hedge guarantees this where every player learns what all of its actions would have paid. Under bandit information a
    player learns this only of the actions it played or proposed; the guarantee does not hold, and nothing is drawn
    (NaN).
    """
    if trace.public.get("information") == "bandit":
        return np.full((trace.steps, trace.lanes), np.nan)
    told, game, stages = trace.public.get("utility_range"), trace.instance, _stages(trace)
    spans = np.array([told or game.lane(lane).span for lane in range(trace.lanes)])
    entropy, half = log(max(game.most_actions, 2)), (spans[:, 1] - spans[:, 0]) / 2
    rate, plays = sqrt(2 * entropy * stages / trace.steps), np.maximum((np.arange(trace.steps) + 1) // stages, 1)
    return np.minimum(half * (entropy / (rate * plays) + rate / 2)[:, None], 2 * half)


def _pennies(first: Any, second: Any) -> Trace:
    game = NormalFormGame.of([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    return trace_of((np.array(first), np.array(second)), instance=game)


coarse_correlated_gap = Metric(
    "coarse_correlated_gap",
    _compute,
    better="lower",
    unit="payoff a round",
    meaning="The most that a player of the base game would have gained per round by one fixed action in all plays.",
    curve=_curve,
    bound=_bound,
    bound_meaning="what players who see the payoffs of all their actions are guaranteed if all play Hedge at the rate "
    "of the horizon (Freund, Schapire 1997); under bandit information it does not hold and nothing is drawn",
    optimum=0.0,
    beyond="play that varies over time may leave every fixed action worse off",
    witness=_witness,
    examples=(
        Example(lambda: _pennies([[0], [0], [1], [1]], [[0], [1], [0], [1]]), [0.0]),
        Example(lambda: _pennies([[0]], [[0]]), [2.0]),
        Example(lambda: _pennies([[0], [0], [1]], [[0], [1], [1]]), [2 / 3]),
    ),
)
