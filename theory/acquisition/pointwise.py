"""Measure one direction at a time until the decision is certain for the given cost.

Source: Ye, Amin, Ozdaglar, "Learning Decision-Sufficient Representations for Linear Optimization" (COLT 2026, arXiv
2603.18551), Algorithm 1 (facet-hit cutting planes). One step, after the answers Q'c = o:
1. Anchor c_in: the cost itself where it is known, otherwise a point of the fibre C_k = {c' in C : Q'c' = o}. x: a
   vertex that is optimal there, with its directions d_j (`extreme_directions`).
2. m_j = min over C_k of c'd_j: in closed form for ellipsoids, by linear programs for boxes and polytopes.
3. If no m_j < 0, x is optimal for every cost of the fibre: stop.
4. c_out = the minimiser of the smallest m_j. Among the violated j (c_out'd_j < 0) measure the one that the segment from
   c_in to c_out meets first, with the smallest c_in'd_j / (c_in'd_j - c_out'd_j). Any other violated facet may be one
   that no cost of C reaches (sheet C(b): X = [0,1]^2, c_in = (1, eps), c_out = (-1, -1)).

Assumptions: C convex; X nondegenerate, or with few enough vertices to list (otherwise the answer is right but the
counts are not bounded). Then every direction lies in W*, they are independent, and there are at most d* of them, in at
most d* + 1 steps with at most (d* + 1)(d - m) minimisations. Cost of a step: those minimisations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.arrays import Array
from .cost_box import CostBox
from .cost_ellipsoid import CostEllipsoid
from .cost_set import CostSet
from .extreme_directions import extreme_directions
from .linear_program import LinearProgram


@dataclass(frozen=True)
class PointwiseStep:
    """What to measure next.

    Attributes:
        direction: What to measure, (d,), or None where the decision is certain.
        decision: A vertex optimal at the anchor, (d,).
        worst: The smallest m_j: how much a feasible move could still gain.
        solved: The number of minimisations over the fibre.
    """

    direction: Array | None
    decision: Array
    worst: float
    solved: int


def pointwise_step(
    program: LinearProgram, costs: CostSet, queries: Array, answers: Array, anchor: Array | None = None
) -> PointwiseStep:
    """One step of the algorithm.

    Args:
        program: X.
        costs: C.
        queries: Directions measured so far, (k, d).
        answers: Without noise, (k,).
        anchor: The cost, where it is known; default: the cost decoded from the answers.
    """
    queries, answers = costs.checked_queries(queries, answers)
    inside = costs.decode(queries, answers) if anchor is None else np.asarray(anchor, np.float64)
    decision = program.minimiser(inside)
    directions = _unspanned(extreme_directions(program, decision), queries)
    if len(directions) == 0:
        return PointwiseStep(None, decision, 0.0, 0)
    values, points, solved = _least(costs, directions, queries, answers)
    tolerance = 1e-6 * float(np.abs(directions).max()) * max(float(costs.spread.max()), 1e-12)
    worst = int(np.argmin(values))
    if values[worst] >= -tolerance:
        return PointwiseStep(None, decision, float(values[worst]), solved)
    here, there = np.maximum(directions @ inside, 0.0), directions @ points[worst]
    violated = there < -tolerance
    share = np.where(violated, here / np.where(violated, here - there, 1.0), np.inf)
    first = share <= share.min() + 1e-12
    # Among facets met at once the sparsest: a sum of edges is met together with them, and is no facet.
    pick = min(np.flatnonzero(first), key=lambda j: (np.count_nonzero(directions[j]), j))
    return PointwiseStep(directions[pick], decision, float(values[worst]), solved)


def _unspanned(directions: Array, queries: Array) -> Array:
    """The directions that measurements do not tell already; the others are as at the anchor, where none is negative."""
    if len(queries) == 0:
        return directions
    right = np.linalg.svd(queries, full_matrices=False)
    basis = right[2][right[1] > 1e-9 * right[1].max()]
    rest = np.linalg.norm(directions - (directions @ basis.T) @ basis, axis=1)
    return directions[rest > 1e-9 * np.linalg.norm(directions, axis=1)]


def _least(costs: CostSet, directions: Array, queries: Array, answers: Array) -> tuple[Array, dict[int, Array], int]:
    """m_j for every direction (what surely is not below 0 is not solved for boxes), the minimisers, and the count."""
    if isinstance(costs, CostEllipsoid):
        values, points = costs.least_of_many(directions, queries, answers)
        return values, dict(enumerate(points)), len(directions)
    values, points_of, solved = np.zeros(len(directions)), {}, 0
    lower, upper = costs.hull
    if isinstance(costs, CostBox) and len(queries) and (np.count_nonzero(queries, axis=1) == 1).all():
        columns = np.argmax(queries != 0, axis=1)
        lower, upper = lower.copy(), upper.copy()
        lower[columns] = upper[columns] = answers / queries[np.arange(len(queries)), columns]
    bound = np.where(directions > 0, directions * lower, directions * upper).sum(1)
    for j, direction in enumerate(directions):
        if bound[j] < 0:
            values[j], points_of[j] = costs.least(direction, queries, answers)
            solved += 1
    points_of.setdefault(int(np.argmin(values)), costs.centre)
    return values, points_of, solved
