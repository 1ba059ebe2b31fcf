"""Hiring: choose k of n candidates at least cost."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from .linear_program import LinearProgram


class Hiring(LinearProgram):
    """X = {x in [0, 1]^n : sum x = k}; its vertices are the k-subsets.

    Args:
        candidates: n.
        hired: k, from 1 to n - 1.
    """

    def __init__(self, candidates: int = 8, hired: int = 3) -> None:
        if not 1 <= hired < candidates:
            raise PalaestraError(f"hired={hired} of {candidates} candidates: hire at least 1 and not all of them.")
        self.hired = hired
        super().__init__(np.ones((1, candidates)), [hired], np.ones(candidates), binary=True, checked=True)

    def solve(self, costs: Array) -> Array:
        """The k cheapest candidates; ties go to the smaller index."""
        costs = np.asarray(costs, np.float64)
        chosen = np.zeros_like(costs)
        np.put_along_axis(chosen, np.argsort(costs, axis=1, kind="stable")[:, : self.hired], 1.0, axis=1)
        return chosen

    @property
    def largest(self) -> Array:
        """1 everywhere: every candidate can be hired."""
        return np.ones(self.dimension)

    @property
    def vertex_count(self) -> int:
        """The number of k-subsets."""
        return comb(self.dimension, self.hired)

    @property
    def _listed(self) -> Array:
        subsets = list(combinations(range(self.dimension), self.hired))
        found = np.zeros((len(subsets), self.dimension))
        found[np.arange(len(subsets))[:, None], np.array(subsets)] = 1.0
        return found
