"""Welfare ratio: where the mean welfare lies between the least and the greatest welfare of the base game, from 0 to 1.

The ratio is (W - W_min) / (W_max - W_min), where W is the mean over rounds. It has a meaning even where the optimum is
zero or negative, and adding a constant to all payoffs or changing their unit leaves it unchanged; neither holds for the
price of anarchy, W / W_max. Both ends are exact where all profiles can be enumerated. Otherwise W_max is the bound
proved by a mixed-integer program (MILP) and W_min the least welfare that it found, so the ratio is a lower bound on the
true one. A game of constant welfare has ratio 1.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..core.arrays import Array
from ..core.errors import PalaestraError
from ..core.metric import Example, Metric, Witness, trace_of
from ..core.traces.trace import Trace
from ..theory.games import Game, NormalFormGame, PolymatrixGame
from ..theory.games.welfare_optimum import welfare_optimum
from .one_lane import one_lane
from .welfare import welfare


def _compute(trace: Trace) -> Array:
    if not isinstance(trace.instance, Game):
        raise PalaestraError("The welfare ratio needs the lanes' base games: replay the trace first.")
    greatest = welfare_optimum(trace.instance).bound
    least = -welfare_optimum(_negated(trace.instance)).value
    span = greatest - least
    # Ends closer than the rounding of sums: the welfare is constant, and every profile is optimal.
    constant = span <= 1e-12 * np.maximum(1.0, np.abs(greatest))
    return np.where(constant, 1.0, (welfare(trace) - least) / np.where(constant, 1.0, span))


def _negated(game: Game) -> Game:
    if isinstance(game, PolymatrixGame):
        return replace(game, blocks=-game.blocks)
    return replace(game, payoffs=-game.payoffs)


def _witness(trace: Trace, lane: int) -> Witness:
    """The profiles of greatest and of least welfare, added up from the game's table; of a MILP, its bound counts."""
    alone = one_lane(trace, lane)
    best, worst = welfare_optimum(alone.instance), welfare_optimum(_negated(alone.instance))
    profiles = [one.profile[0] for one in (best, worst)]
    most, least = (sum(float(one[0]) for one in alone.instance.payoffs_at(list(p[:, None]))) for p in profiles)
    proved = f"by {_named(profiles[0])}"
    if best.method == "milp":
        proved, most = f"at most, as was proved, with {most:.4g} {proved}", float(best.bound[0])
    constant = most - least <= 1e-12 * max(1.0, abs(most))
    value = 1.0 if constant else (float(welfare(alone)[0]) - least) / (most - least)
    text = f"the greatest welfare is {most:.4g}, {proved}; the least {least:.4g}, by {_named(profiles[1])}"
    return Witness(text, value)


def _named(profile: Array) -> str:
    shown = " ".join(map(str, profile[:12].tolist()))
    return f"play {shown}{' ...' if len(profile) > 12 else ''}"


def _half_cooperation() -> Trace:
    game = NormalFormGame.of([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    rewards = (np.array([[3.0, 0.0], [1.0, 0.0]]), np.array([[3.0, 5.0], [1.0, 5.0]]))
    return trace_of((np.array([[0, 0], [1, 0]]), np.array([[0, 1], [1, 1]])), rewards, instance=game)


welfare_ratio = Metric(
    "welfare_ratio",
    _compute,
    better="higher",
    unit="0 to 1",
    meaning="Where the mean welfare lies between the least and the greatest welfare of the base game, from 0 to 1.",
    optimum=1.0,
    witness=_witness,
    examples=(Example(_half_cooperation, [0.5, 0.75]),),
)
