"""One round of averaging in many lanes: T times the beliefs, every sum in the order of the columns.

On numpy the product is scipy's CSR times dense, which adds whole rows of lanes, one tie after another in the order of
the columns. On torch the k-th ties of all agents are added at once, for k = 1, 2, ...: the same additions in the same
order. So a lane has the same bits by itself and in a batch, and the time is linear in the number of ties.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array

from ...core.arrays import Array, Backend


class Mixing:
    """T of one network that all lanes share.

    Args:
        weights: T, CSR.
    """

    def __init__(self, weights: csr_array) -> None:
        self.weights = csr_array(weights)
        self.weights.sort_indices()
        self._turns: list[tuple[Array, Array]] | None = None

    def place(self, where: Backend) -> None:
        """Move the ties to a backend."""
        self.where = where
        self._turns = None if where.name == "numpy" else self._by_turn(where)

    def _by_turn(self, where: Backend) -> list[tuple[Array, Array]]:
        """The k-th tie of each agent that has one, agents with many ties first: neighbours and weights (agents, 1)."""
        degree = np.diff(self.weights.indptr)
        order = np.argsort(-degree, kind="stable")
        self._back = where.asarray(np.argsort(order, kind="stable"), "int64")
        turns = []
        for k in range(int(degree.max())):
            rows = order[degree[order] > k]
            at = self.weights.indptr[rows] + k
            turns.append(
                (
                    where.asarray(self.weights.indices[at], "int64"),
                    where.asarray(self.weights.data[at][:, None], "float64"),
                )
            )
        return turns

    def __call__(self, beliefs: Array) -> Array:
        """T times beliefs (agents, ..., lanes), fresh."""
        flat = beliefs.reshape((beliefs.shape[0], -1))
        if self._turns is None:
            product: Any = self.weights @ flat
            return product.reshape(beliefs.shape)
        xp = self.where.xp
        total = xp.zeros_like(flat)
        for neighbours, weights in self._turns:
            total[: neighbours.shape[0]] += weights * xp.take(flat, neighbours, axis=0)
        return xp.take(total, self._back, axis=0).reshape(beliefs.shape)
