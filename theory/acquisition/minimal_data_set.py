"""The smallest set of measurements after which every decision is known to be optimal.

Source: Bennouna, Bennouna, Amin, Ozdaglar, "What Data Enables Optimal Decisions?" (arXiv 2505.21692): D is sufficient
iff W* = span{x - x' : x, x' in X*(C)} lies in span D (Theorem 1, Theorem 2, Corollary 1), so d* = dim W* measurements
are necessary and sufficient. Their Algorithm 2 solves one mixed-integer program per iteration; this is our
reconstruction:
1. x0: the decision that is optimal at the centre of C. D = {}.
2. Decisions that are optimal at costs sampled from C are cheap to find: add those differences x - x0 that enlarge the
   span.
3. v: a random vector orthogonal to D. Find the reachable decisions of greatest and of smallest v'x (`reachable`).
4. If either has v'x != v'x0, add x - x0 to D and go to 3; otherwise stop. Since v is random, with probability 1 only
   vectors of W* orthogonal to v are those in span D, so D spans W*.
Coordinates that are known in advance count as measured: spans are taken on the others only (sheet C(b), derived).

Assumptions: C open and convex. Cost: at most d* + 1 rounds of at most two mixed-integer programs; deciding whether
d* <= k is NP-hard in general. A program that is not solved to the end is an error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.arrays import Array
from .cost_set import CostSet
from .linear_program import LinearProgram
from .reachable import MARGIN, ReachableOptima

FAINT = 1e-6
"""Lengths, in units of a decision's, below which a difference is rounding."""


@dataclass(frozen=True)
class DataSet:
    """A sufficient set of measurements of minimal size.

    Attributes:
        directions: The measurements q, (d*, d): differences of reachable decisions, a basis of W*.
        decisions: The reachable decisions, (d* + 1, d), x0 first.
        costs: For each decision a cost of C that makes it optimal, (d* + 1, d).
        nodes: Branch-and-bound nodes of all searches.
        searches: Mixed-integer programs solved.
        gap: The greatest relative gap that HiGHS left.
    """

    directions: Array
    decisions: Array
    costs: Array
    nodes: int
    searches: int
    gap: float

    @property
    def size(self) -> int:
        """d*."""
        return len(self.directions)


class _Span:
    """A growing orthonormal basis on the unknown coordinates."""

    def __init__(self, unknown: Array, size: float) -> None:
        self.unknown, self.size = unknown, size
        self.basis = np.zeros((0, len(unknown)))

    def rest(self, vector: Array) -> Array:
        """The part of a vector outside the span; projected twice, for rounding."""
        vector = np.where(self.unknown, vector, 0.0)
        for _ in range(2):
            vector = vector - (vector @ self.basis.T) @ self.basis
        return vector

    def add(self, vector: Array) -> bool:
        """Add a vector; returns whether it enlarged the span."""
        rest = self.rest(vector)
        length = float(np.linalg.norm(rest))
        if length <= FAINT * self.size:
            return False
        self.basis = np.vstack([self.basis, rest / length])
        return True


def minimal_data_set(
    program: LinearProgram,
    costs: CostSet,
    *,
    margin: float = MARGIN,
    samples: int = 64,
    seconds: float = 60.0,
) -> DataSet:
    """Find a sufficient data set of minimal size.

    Args:
        program: X.
        costs: C.
        margin: See `ReachableOptima`.
        samples: Costs sampled in step 2.
        seconds: Time limit of one mixed-integer program.

    Raises:
        PalaestraError: Dimensions that do not fit, or a search that was not finished.
    """
    search = ReachableOptima(program, costs, margin, seconds)
    rng = np.random.default_rng(0)
    first = program.minimiser(costs.centre)
    span = _Span(~costs.known, float(np.linalg.norm(first)))
    found = [(first, costs.centre)]
    sampled = _sampled(costs, samples, rng, 1.0 - margin)
    for x, cost in zip(program.solve(sampled), sampled, strict=True):
        if span.add(x - first):
            found.append((x, cost))
    gap = 0.0
    most = search.most_dimensions
    while len(span.basis) < most:
        direction = span.rest(rng.normal(size=program.dimension))
        direction = direction / max(float(np.linalg.norm(direction)), 1e-300)
        grew = False
        for objective in (direction, -direction):
            for x, cost in zip(*search.guess(objective, sampled[:16]), strict=True):
                if span.add(x - first):
                    found.append((x, cost))
                    grew = True
        for objective in () if grew else (direction, -direction):
            reached = search.beyond(objective, objective @ first + 10 * FAINT)
            if reached is not None and span.add(reached.decision - first):
                found.append((reached.decision, reached.cost))
                gap, grew = max(gap, reached.gap), True
                break
        if not grew:
            break
    nodes, searches = search.nodes, search.searches
    decisions = np.array([x for x, _ in found])
    return DataSet(decisions[1:] - first, decisions, np.array([cost for _, cost in found]), nodes, searches, gap)


def _sampled(costs: CostSet, count: int, rng: np.random.Generator, reach: float) -> Array:
    """Costs of C, at the ends of random rays from the centre, and so far out that many decisions are met."""
    rays = costs.spread * rng.choice((-1.0, 1.0), size=(count, costs.dimension))
    kept = []
    for ray in rays:
        length = 1.0
        while not costs.contains(costs.centre + length * ray, 0.0):
            length *= 0.8
        kept.append(costs.centre + min(length, 1.0) * reach * ray)
    return np.array(kept).reshape(-1, costs.dimension)
