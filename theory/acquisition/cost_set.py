"""What is known about a cost vector before measuring: an open convex set around a centre."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError


class CostSet(ABC):
    """A bounded convex set C of cost vectors, taken as (relatively) open: its boundary does not count.

    Openness matters (sheet C(c) 2): on X = [0, 1] the prior (0, 1) needs no measurement, but its closure needs one.
    Therefore reachability is computed on the set after shrinking it towards its centre by a margin.

    Attributes:
        centre: A point inside, (d,).
        spread: Half-widths, (d,), used as the unit of each coordinate; 0 where a coordinate is known.
    """

    centre: Array
    spread: Array

    @property
    def dimension(self) -> int:
        """D, the number of coordinates."""
        return len(self.centre)

    @property
    def known(self) -> Array:
        """Which coordinates are known in advance, (d,)."""
        mask: Array = self.spread == 0
        return mask

    @property
    @abstractmethod
    def hull(self) -> tuple[Array, Array]:
        """The smallest box around the set: lower and upper ends, (d,) each."""

    @abstractmethod
    def inequalities(self) -> tuple[Array, Array]:
        """G (r, d) and h (r,) with C = {c : Gc <= h}, for sets that have such a form."""

    @abstractmethod
    def contains(self, cost: Array, slack: float = 1e-9) -> bool:
        """Whether a cost is in the closure, up to `slack` units of the spread."""

    @abstractmethod
    def least(self, direction: Array, queries: Array, answers: Array) -> tuple[float, Array]:
        """The minimum of direction'c over the fibre {c in C : q'c = answer for every query}, and a minimiser.

        Args:
            direction: (d,).
            queries: (k, d).
            answers: (k,).
        """

    @abstractmethod
    def decode(self, queries: Array, answers: Array) -> Array:
        """A cost in C that agrees with the answers, or best agrees with noisy ones, (d,)."""

    def checked_queries(self, queries: Array, answers: Array) -> tuple[Array, Array]:
        """Both as float64 arrays.

        Raises:
            PalaestraError: Queries of another dimension, or a wrong number of answers.
        """
        queries = np.asarray(queries, np.float64).reshape(
            -1, np.shape(queries)[-1] if np.size(queries) else self.dimension
        )
        answers = np.asarray(answers, np.float64)
        if queries.shape[1] != self.dimension or answers.shape != queries.shape[:1]:
            raise PalaestraError(
                f"Queries of shape {queries.shape} with answers of shape {answers.shape} do not fit costs of dimension "
                f"{self.dimension}. Give (k, {self.dimension}) and (k,)."
            )
        return queries, answers

    def nearest(self, queries: Array, answers: Array) -> Array:
        """The point of the affine fibre nearest to the centre, in units of the spread; it may be outside C.

        By Gram-Schmidt with sums in a fixed order, so that the result is the same on every machine.
        """
        from ...core.arrays import ordered_sum

        point = np.zeros(self.dimension)
        basis: list[Array] = []
        for query, answer in zip(queries, answers, strict=True):
            row = query * self.spread
            target = answer - ordered_sum(query * self.centre)
            length = np.sqrt(ordered_sum(row * row))
            for unit in basis:
                row = row - ordered_sum(row * unit) * unit
            left = np.sqrt(ordered_sum(row * row))
            if left > 1e-9 * length:
                row = row / left
                # What the point so far says of this query is put right along the new direction alone.
                gap = target - ordered_sum(query * self.spread * point)
                point = point + gap / left * row
                basis.append(row)
        nearest: Array = self.centre + self.spread * point
        return nearest
