"""A data set learned from past costs: sufficient for each of them, and probably for the next.

Source: Ye, Amin, Ozdaglar (COLT 2026, arXiv 2603.18551), Algorithm 2 and Theorem 23: for i = 1..n run Algorithm 1
(`pointwise`) on cost c_i, warm-started with the directions found so far. T are the costs at which the set grew. All
past costs are decided without regret, and |T| <= |D| <= d*. With probability 1 - delta, the probability that D does not
decide the next cost is at most (4/n)(6 |T| + ln(e/delta)).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import e, log
from typing import Any

import numpy as np

from ...core.arrays import Array
from .cost_set import CostSet
from .linear_program import LinearProgram
from .pointwise import pointwise_step


@dataclass(frozen=True)
class CumulativeDataSet:
    """What was learned.

    Attributes:
        directions: D_n, (k, d).
        hard: T: which of the past costs added a direction.
        count: n.
    """

    directions: Array
    hard: tuple[int, ...]
    count: int

    def risk_bound(self, delta: float = 0.05) -> float:
        """Theorem 23: with probability 1 - delta, the probability that the data set does not decide a new cost."""
        return 4.0 / self.count * (6.0 * len(self.hard) + log(e / delta))


def cumulative_data_set(program: LinearProgram, costs: CostSet, past: Any) -> CumulativeDataSet:
    """Run the pointwise algorithm over past costs.

    Args:
        program: X.
        costs: C.
        past: Past costs, (n, d), each in C.
    """
    past = np.asarray(past, np.float64)
    directions = np.zeros((0, program.dimension))
    hard: list[int] = []
    for i, cost in enumerate(past):
        while True:
            step = pointwise_step(program, costs, directions, directions @ cost, cost)
            if step.direction is None:
                break
            directions = np.vstack([directions, step.direction])
            hard.append(i)
    return CumulativeDataSet(directions, tuple(dict.fromkeys(hard)), len(past))
