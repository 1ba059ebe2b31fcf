"""Robust interval: the training weights with which an AI helps for all plausible homophily and adoption.

A planner who trains one AI on two islands chooses the weight of the larger island. The plausible ranges of homophily
and adoption are those that the environment tells (Theorem 2 of arXiv 2604.04906). Three metrics:

- `robust_interval`: the width of the interval of training weights that help for all plausible societies. It is taken at
  the speed of the last round, and 0 where no weight helps.
- `robust_margin`: how far inside the robust interval the planner's training weight is. It is the distance to the nearer
  end, negative outside. Where the interval is empty, it is still the smaller of the two distances.
- `speed_threshold`: the speed rho above which the robust interval is not empty. It depends on the lane's majority and
  not on what is done.

All three are NaN where the network is not two islands; `robust_margin` also where the last design was no global AI.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...core.arrays import Array
from ...core.metric import Example, Metric, trace_of
from ...core.traces.trace import Trace
from ...theory.social import robust_interval as theory


class PlayedIslands(NamedTuple):
    """What a planner did on two islands; one row per lane.

    Attributes:
        majority: n1/n2, the larger island first, float64 (lanes,).
        training: Training weight of the larger island in the last round's global design; NaN where there was none.
        speed: rho of the last round.
        homophily: Plausible range.
        adoption: Plausible range.
    """

    majority: Array
    training: Array
    speed: Array
    homophily: tuple[float, float]
    adoption: tuple[float, float]

    @staticmethod
    def of(trace: Trace) -> PlayedIslands | None:
        """None where the trace is not of a planner on two islands whose plausible homophily is above 1."""
        homophily = trace.public.get("homophily")
        if homophily is None or homophily[0] <= 1 or "training" not in trace.scoring:
            return None
        shares, training = trace.instance["shares"], trace.scoring["training"][-1]
        larger = np.argmax(shares, axis=1)[:, None]
        share = np.take_along_axis(shares, larger, axis=1)[:, 0]
        chosen = np.take_along_axis(training, larger, axis=1)[:, 0]
        deployed = (training > 0).any(axis=1)
        return PlayedIslands(
            share / (1.0 - share),
            np.where(deployed, chosen, np.nan),
            trace.scoring["speed"][-1],
            (float(homophily[0]), float(homophily[1])),
            (float(trace.public["adoption"][0]), float(trace.public["adoption"][1])),
        )

    def interval(self) -> theory.RobustInterval:
        """The robust interval of each lane at the speed it used."""
        kinds, lane = np.unique(np.stack([self.majority, self.speed]), axis=1, return_inverse=True)
        found = theory.robust_interval(kinds[0], kinds[1], self.homophily, self.adoption)
        return theory.RobustInterval(found.low[lane], found.high[lane])

    def threshold(self) -> Array:
        """The speed threshold of each lane, to 1e-10."""
        kinds, lane = np.unique(self.majority, return_inverse=True)
        return np.asarray(theory.speed_threshold(kinds, self.homophily, self.adoption, 1e-10)[lane])


def _width(trace: Trace) -> Array:
    islands = PlayedIslands.of(trace)
    if islands is None:
        return np.full(trace.lanes, np.nan)
    found = islands.interval()
    return np.maximum(found.high - found.low, 0.0)


def _margin(trace: Trace) -> Array:
    islands = PlayedIslands.of(trace)
    if islands is None:
        return np.full(trace.lanes, np.nan)
    found = islands.interval()
    return np.minimum(islands.training - found.low, found.high - islands.training)


def _threshold(trace: Trace) -> Array:
    islands = PlayedIslands.of(trace)
    return np.full(trace.lanes, np.nan) if islands is None else islands.threshold()


def _planned(training: tuple[float, float], adoption: tuple[float, float]) -> Trace:
    """Islands of sizes 2 and 1 with homophily 3/2, at speed 1/2."""
    return trace_of(
        (np.zeros((1, 1, 2)),),
        scoring={"speed": np.array([[0.5]]), "training": np.array([[training]])},
        instance={"shares": np.array([[2.0, 1.0]]) / 3.0},
        public={"homophily": (1.5, 1.5), "adoption": adoption},
    )


# One plausible society with T12 = 1/4 and T21 = 4/7, so that e = 2/3 and s1 = 16/23. With equal adoption beta = 1/2
# and rho = 1/2, w1 = (1 - lam) s1 + lam alpha with lam = 79/102: from alpha = s1 - 2 (s1 - e)/lam = 1128/1817 to
# alpha = s1 the AI helps.
_LOW, _HIGH, _ADOPTION = 1128 / 1817, 16 / 23, (0.5, 0.5)
_ELSEWHERE = Example(lambda: trace_of((np.zeros((1, 1, 2)),)), [float("nan")])

robust_interval = Metric(
    "robust_interval",
    _width,
    better=None,
    unit="training weight",
    meaning="The width of the interval of training weights that help for all plausible homophily and adoption; 0 "
    "where there are none. NaN except on two islands.",
    examples=(Example(lambda: _planned((0.65, 0.35), _ADOPTION), [136 / 1817]), _ELSEWHERE),
)

# No optimum: the middle of the interval is best, and its width depends on the lane and on the speed.
robust_margin = Metric(
    "robust_margin",
    _margin,
    better="higher",
    unit="training weight",
    meaning="How far inside the robust interval the training weight of the majority is; negative outside it. NaN "
    "except on two islands with a global AI.",
    examples=(
        Example(lambda: _planned((0.65, 0.35), _ADOPTION), [min(0.65 - _LOW, _HIGH - 0.65)]),
        Example(lambda: _planned((1.0, 0.0), _ADOPTION), [_HIGH - 1.0]),
        Example(lambda: _planned((0.0, 0.0), _ADOPTION), [float("nan")]),
    ),
)

speed_threshold = Metric(
    "speed_threshold",
    _threshold,
    better=None,
    unit="rho",
    meaning="The speed rho above which some training weights help for all plausible homophily and adoption (Theorem "
    "2). NaN except on two islands.",
    # At h = 3/2 the ends are alpha_U = 16 (1 + k)/(28 k + 23) and alpha_L = (52 k + 44)/(77 k + 69) with k = 1 - rho;
    # they meet where 56 k^2 + 23 k - 23 = 0.
    examples=(
        Example(lambda: _planned((0.65, 0.35), (0.0, 1.0)), [1.0 - (5681**0.5 - 23.0) / 112.0]),
        _ELSEWHERE,
    ),
)
