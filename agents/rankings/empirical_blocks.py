"""Mean utility of the proposals in each block of rounds, computed from means over all rounds so far."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array


class EmpiricalBlocks:
    """Undoes the averaging of AvgUtil feedback under bandit information (arXiv 2603.19221, Algorithm 3), over lanes.

    A ranking depends on u_emp(a), the mean of a's utilities over all its proposals so far. The sum of those utilities
    is u_emp(a) n(a), so between the ends of two blocks the mean utility of a's proposals is
    (u_emp n - u_emp' n') / (n - n'). The mean of that over blocks estimates the mean utility of a. An error in u_emp is
    multiplied by n / (n - n'), which grows for actions that are rarely proposed any more: each block's mean is clipped
    to its range, and is 0 for an action that the block did not propose (the clipping is our reconstruction). Cost
    O(K A) per round.

    Args:
        lanes: Number of lanes.
        actions: A.
        length: M, rounds per block.
        low: Least utility of a block.
        high: Greatest utility of a block.
    """

    def __init__(self, lanes: int, actions: int, length: int, low: float, high: float) -> None:
        self.length, self.low, self.high = length, low, high
        self._actions = np.arange(actions)
        self._count = np.zeros((lanes, actions))
        self._count_before = np.zeros((lanes, actions))
        self._sum_before = np.zeros((lanes, actions))
        self._total = np.zeros((lanes, actions))
        self._rounds = self._closed = 0
        self.mean = np.zeros((lanes, actions))

    @property
    def due(self) -> bool:
        """Whether a block has just ended."""
        return self._rounds % self.length == 0

    def add(self, proposals: Array) -> None:
        """Count one round's proposals, (lanes, K)."""
        self._rounds += 1
        self._count = self._count + (proposals[:, :, None] == self._actions).sum(1)

    def close(self, means: Array) -> None:
        """End a block at which the empirical means were estimated as `means`, (lanes, A)."""
        new, total = self._count - self._count_before, means * self._count
        worth = np.where(new > 0, (total - self._sum_before) / np.maximum(new, 1.0), 0.0)
        self._total = self._total + np.clip(worth, self.low, self.high)
        self._count_before, self._sum_before = self._count, total
        self._closed += 1
        self.mean = self._total / self._closed
