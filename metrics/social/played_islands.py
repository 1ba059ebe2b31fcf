"""What a planner did on two islands, read from a trace."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...core.arrays import Array
from ...core.traces.trace import Trace
from ...theory.social.robust_interval import RobustInterval, robust_interval, speed_threshold


class PlayedIslands(NamedTuple):
    """One row a lane.

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

    def interval(self) -> RobustInterval:
        """The robust interval of each lane at the speed it used."""
        kinds, lane = np.unique(np.stack([self.majority, self.speed]), axis=1, return_inverse=True)
        found = robust_interval(kinds[0], kinds[1], self.homophily, self.adoption)
        return RobustInterval(found.low[lane], found.high[lane])

    def threshold(self) -> Array:
        """The speed threshold of each lane, to 1e-10."""
        kinds, lane = np.unique(self.majority, return_inverse=True)
        return np.asarray(speed_threshold(kinds, self.homophily, self.adoption, 1e-10)[lane])
