"""A DeGroot network: who listens to whom and with what weight, checked to reach a consensus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from ...core.arrays import Array
from ...core.errors import PalaestraError

TOLERANCE = 1e-9
"""How far a row sum may be from 1."""


@dataclass(frozen=True, eq=False)
class DeGrootNetwork:
    """Beliefs move by p(t+1) = T p(t).

    Attributes:
        weights: T, row-stochastic, CSR with sorted columns, (n, n).
        community: int64 (n,): the community of each agent, 0, 1, ..., none empty.
        names: One per node, for messages and tables.
        title: A name for the network.
    """

    weights: csr_array
    community: Array
    names: tuple[str, ...]
    title: str = "network"

    @property
    def agents(self) -> int:
        """N."""
        return len(self.names)

    @property
    def communities(self) -> int:
        """C."""
        return int(self.community.max()) + 1

    @staticmethod
    def of(
        weights: Any,
        community: Sequence[Any] | Array | None = None,
        names: Sequence[str] | None = None,
        title: str = "network",
    ) -> DeGrootNetwork:
        """Check a matrix of weights and make a network of it.

        Args:
            weights: T as nested lists, an array or a sparse array: nonnegative weights, rows that sum to 1 (to 1e-9).
            community: A label for each agent, in order; default: one community. Labels are numbered in order of
                appearance.
            names: Of the agents; default: 0, 1, ...
            title: For messages.

        Raises:
            PalaestraError: An invalid matrix of weights, a network that is not strongly connected, or one in which
                beliefs could oscillate forever; the message names agents, row or component.
        """
        matrix = _matrix(weights, title)
        count = matrix.shape[0]
        labels = tuple(str(name) for name in (names if names is not None else range(count)))
        if len(labels) != count:
            raise PalaestraError(f"{title}: {len(labels)} names were given for {count} agents.")
        _check_rows(matrix, labels, title)
        _check_connected(matrix, labels, title)
        _check_aperiodic(matrix, labels, title)
        return DeGrootNetwork(matrix, _numbered(community, count, title), labels, title)


def _matrix(weights: Any, title: str) -> csr_array:
    try:
        matrix = csr_array(weights if hasattr(weights, "tocsr") else np.asarray(weights, np.float64), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise PalaestraError(f"{title}: the weights are no matrix of numbers ({error}).") from error
    if len(matrix.shape) != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.shape[0]:
        raise PalaestraError(f"{title}: the weights have shape {matrix.shape}; give one row and one column an agent.")
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    matrix.sort_indices()
    return matrix


def _check_rows(matrix: csr_array, names: tuple[str, ...], title: str) -> None:
    bad = np.flatnonzero(~(np.isfinite(matrix.data) & (matrix.data >= 0)))
    if len(bad):
        row = int(np.searchsorted(matrix.indptr, bad[0], side="right")) - 1
        raise PalaestraError(
            f"{title}: {names[row]!r} gives {names[int(matrix.indices[bad[0]])]!r} the weight {matrix.data[bad[0]]:g}; "
            "weights are finite numbers from 0."
        )
    sums = np.asarray(matrix.sum(axis=1)).reshape(-1)
    wrong = np.flatnonzero(~(np.abs(sums - 1.0) <= TOLERANCE))
    if len(wrong):
        row = int(wrong[0])
        raise PalaestraError(
            f"{title}: the weights that {names[row]!r} (row {row}) gives add up to {sums[row]:.12g}, not to 1. Divide "
            "each row by its sum."
        )


def _check_connected(matrix: csr_array, names: tuple[str, ...], title: str) -> None:
    count, label = connected_components(matrix, directed=True, connection="strong")
    if count == 1:
        return
    sizes = np.bincount(label)
    smallest = np.flatnonzero(label == np.argmin(sizes))
    shown = ", ".join(repr(names[i]) for i in smallest[:5]) + (", ..." if len(smallest) > 5 else "")
    raise PalaestraError(
        f"{title}: the network falls into {count} strongly connected components of {_listed(sizes)} agents; the "
        f"component {{{shown}}} does not both hear of the others and is heard of by them. Add ties, or keep the "
        "largest component alone."
    )


def _listed(sizes: Array) -> str:
    ordered = sorted((int(size) for size in sizes), reverse=True)
    return ", ".join(map(str, ordered[:6])) + (", ..." if len(ordered) > 6 else "")


def _check_aperiodic(matrix: csr_array, names: tuple[str, ...], title: str) -> None:
    """The period is the greatest common divisor of level(i) + 1 - level(j) over the ties (i, j) of a search tree."""
    if (matrix.diagonal() > 0).any():
        return
    _, before = breadth_first_order(matrix, 0, directed=True)
    order, _ = breadth_first_order(matrix, 0, directed=True)
    level = np.zeros(len(names), np.int64)
    for node in order[1:]:
        level[node] = level[before[node]] + 1
    tails = np.repeat(np.arange(len(names)), np.diff(matrix.indptr))
    period = int(np.gcd.reduce(np.abs(level[tails] + 1 - level[matrix.indices])))
    if period != 1:
        raise PalaestraError(
            f"{title}: beliefs would swing for ever: every way back to {names[0]!r} takes a multiple of {period} "
            "rounds. Give somebody a weight on the own belief."
        )


def _numbered(community: Sequence[Any] | Array | None, count: int, title: str) -> Array:
    if community is None:
        return np.zeros(count, np.int64)
    given = list(community)
    if len(given) != count:
        raise PalaestraError(f"{title}: {len(given)} communities were given for {count} agents; name one for each.")
    numbers: dict[Any, int] = {}
    return np.array([numbers.setdefault(label, len(numbers)) for label in given], np.int64)
