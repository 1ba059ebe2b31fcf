"""Sufficiency: whether the measurements prove the decision optimal for every cost vector that agrees with them.

1 if proved, 0 if not; the mean over lanes is the share of lanes. The proof starts from the prior, the measurements that
were bought (read from the actions) and their exact answers. It uses rational arithmetic, to 1e-9 of the cost, and none
of the agents' solvers. There are two methods:

1. For a feasible set whose vertices have only zeros and ones, a box of costs, and measurements of single coordinates:
   the costs that agree are a box. The worst of them is at its upper end where x is 1 and at its lower end where x is 0.
   There the decision is compared with the optimum by linear-programming duality. This method decides the question.
2. Otherwise, for every feasible direction at x (the edges of a nondegenerate vertex, or the differences to all vertices
   from a degenerate one), a bound from multipliers of the measurements (`fibre_bound`). The budget is not used, so some
   sufficient measurements of polytopes are not proved; nor are degenerate programs with more than 2,000 vertices.

With noisy answers nothing is proved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ...core.arrays import Array
from ...core.metric import Example, Metric, Witness, trace_of
from ...core.traces.trace import Trace
from ...theory.acquisition.fibre_bound import FibreBound
from ...theory.acquisition.linear_minimum import linear_minimum
from ...theory.acquisition.linear_program import LinearProgram
from ...theory.acquisition.optimality_gap import optimality_gap
from .decision_loss import program_of

TOLERANCE = 1e-9
"""Of 1 or of the largest cost."""

LISTED = 2_000
"""The most vertices that are tried at a degenerate vertex."""


def _compute(trace: Trace) -> Array:
    if trace.public.get("noise"):
        return np.zeros(trace.lanes)
    return np.array([float(_proved(trace, lane)) for lane in range(trace.lanes)])


def _proved(trace: Trace, lane: int) -> bool:
    program = program_of(trace, lane)
    queries, x = _bought(trace, lane, program.dimension), trace.scoring["decision"][-1, lane]
    worst = _worst_cost(trace, lane, program, queries, x)
    if worst is not None:
        dual = _marginals(worst, program)
        gap = optimality_gap(program.matrix, program.rhs, np.ones(program.dimension), worst, x, dual)
        return bool(gap <= TOLERANCE * max(1.0, float(np.abs(worst).max())))
    found = _closed(trace, lane, program, queries, x)
    return found is not None and all(found)


def _worst_cost(trace: Trace, lane: int, program: LinearProgram, queries: Array, x: Array) -> Array | None:
    """Method 1: the cost that agrees with the answers and is worst for the decision; None where it does not apply."""
    if not program.binary or trace.public["uncertainty"] != "box" or (np.count_nonzero(queries, axis=1) != 1).any():
        return None
    seen: Mapping[str, Any] = trace.instance
    centre, spread = seen["centre"][lane], seen["spread"][lane]
    unmeasured = np.where(x > 0.5, centre + spread, centre - spread)
    return np.where((queries != 0).any(0), seen["cost"][lane], unmeasured)


def _closed(trace: Trace, lane: int, program: LinearProgram, queries: Array, x: Array) -> Iterator[bool] | None:
    """Method 2: whether each direction is proved not to lower the cost; None where there are too many directions."""
    seen, shape = trace.instance, trace.public["uncertainty"]
    cost, centre, spread = seen["cost"][lane], seen["centre"][lane], seen["spread"][lane]
    directions = _directions(program, x)
    if directions is None:
        return None
    scale = TOLERANCE * max(1.0, float(np.abs(cost).max()))
    multipliers = _multipliers(shape, centre, spread, queries, cost, directions)
    bound = FibreBound(shape, centre, spread, queries, cost)
    return (bound.shortfall(one, lam) <= scale for one, lam in zip(directions, multipliers, strict=True))


def _witness(trace: Trace, lane: int) -> Witness:
    """What suffices, or a cost vector at which another decision is better, or a direction that is not excluded."""
    if trace.public.get("noise"):
        return Witness("answers are noisy, so nothing is proved", 0.0)
    program = program_of(trace, lane)
    queries, x = _bought(trace, lane, program.dimension), trace.scoring["decision"][-1, lane]
    worst = _worst_cost(trace, lane, program, queries, x)
    if worst is None:
        found = _closed(trace, lane, program, queries, x)
        if found is None:
            return Witness(f"more than {LISTED} vertices might be better: nothing is proved", 0.0)
        left = next((k for k, closed in enumerate(found) if not closed), None)
        if left is None:
            return Witness(f"{len(queries)} measurements suffice: no direction can lower the cost", 1.0)
        return Witness(f"{len(queries)} measurements leave direction {left} open: it may lower the cost", 0.0)
    other = program.minimiser(worst)
    less = float(worst @ x) - float(worst @ other)
    if less <= TOLERANCE * max(1.0, float(np.abs(worst).max())):
        return Witness(f"{len(queries)} measurements suffice: the worst cost that agrees has the same decision", 1.0)
    used = ", ".join(map(str, np.flatnonzero(other > 0.5)[:24].tolist()))
    return Witness(f"at the worst cost that agrees, using x[{used}] costs {less:.4g} less", 0.0)


def _bought(trace: Trace, lane: int, dimension: int) -> Array:
    """The measurements before the decision, each item of a menu once."""
    acts, menu, rows = np.asarray(trace.actions[0])[:, lane], trace.public["menu"], []
    for act in acts:
        if menu is None:
            if act[dimension] > 0:
                break
            if (act[:dimension] != 0).any():
                rows.append(act[:dimension])
            continue
        choice = int(act if np.ndim(act) == 0 else np.argmax(act[: len(menu) + 1]))
        if choice == len(menu):
            break
        rows.append(menu[choice])
    return np.unique(np.array(rows), axis=0) if rows else np.zeros((0, dimension))


def _marginals(cost: Array, program: LinearProgram) -> Array:
    return linear_minimum(cost, (program.matrix, program.rhs), bounds=(0.0, program.upper)).dual


def _directions(program: LinearProgram, x: Array) -> Array | None:
    inside = (x > 1e-8) & (program.upper - x > 1e-8)
    if inside.sum() == len(program.matrix):
        at = np.flatnonzero(~inside)
        moves = np.zeros((len(at), program.dimension))
        for row, j in zip(moves, at, strict=True):
            row[j] = 1.0 if x[j] <= 1e-8 else -1.0
            row[inside] = np.linalg.lstsq(program.matrix[:, inside], -row[j] * program.matrix[:, j], rcond=None)[0]
        # Entries of zeros and ones come out of the solver with rounding in them.
        return np.where(np.abs(moves - np.round(moves)) < 1e-9, np.round(moves), moves)
    if program.vertex_count > LISTED:
        return None
    steps = program.vertices(LISTED) - x
    return steps[np.abs(steps).max(1) > 1e-9]


def _multipliers(
    shape: str, centre: Array, spread: Array, queries: Array, cost: Array, directions: Array
) -> list[Array]:
    """The best multipliers for every direction, from the dual of its minimum over the fibre."""
    if len(queries) == 0:
        return [np.zeros(0)] * len(directions)
    if shape == "ellipsoid":
        scaled = queries * spread
        near = scaled.T @ np.linalg.lstsq(scaled @ scaled.T, queries @ (cost - centre), rcond=None)[0]
        radius = np.sqrt(max(1.0 - float(near @ near), 0.0))
        found = []
        for direction in directions:
            along = direction * spread
            rest = along - np.linalg.lstsq(scaled, scaled @ along, rcond=None)[0]
            size = float(np.linalg.norm(rest))
            # The dual of the minimum: d = Q'lam + r, with r towards the minimiser of the ball.
            point = near - (radius / size * rest if size > 1e-12 else 0.0)
            target = along + (size / radius * point if radius > 1e-12 and size > 1e-12 else 0.0)
            found.append(np.linalg.lstsq(scaled.T, target, rcond=None)[0])
        return found
    ends = (centre - spread, centre + spread)
    solved = [linear_minimum(one, (queries, queries @ cost), bounds=ends) for one in directions]
    return [np.zeros(len(queries)) if one.status else one.dual for one in solved]


def _hired(*bought: int) -> Trace:
    """One of two candidates, between 0 and 2 and between 1 and 3; the first costs 0.5, the second 1.5."""
    acts = np.array([[act] for act in (*bought, 2)])
    decision = np.zeros((len(acts), 1, 2))
    decision[:, 0, 0] = 1.0
    instance = {
        "cost": np.array([[0.5, 1.5]]),
        "centre": np.array([[1.0, 2.0]]),
        "spread": np.array([[1.0, 1.0]]),
    }
    program = LinearProgram([[1.0, 1.0]], [1.0], [1.0, 1.0], binary=True)
    public = {"program": program, "uncertainty": "box", "menu": np.eye(2), "noise": 0.0}
    return trace_of((acts,), scoring={"decision": decision}, instance=instance, public=public)


sufficiency = Metric(
    "sufficiency",
    _compute,
    better="higher",
    unit="share of lanes",
    meaning="Whether the measurements prove the decision optimal for every cost vector that agrees with them: 1 or 0.",
    optimum=1.0,
    witness=_witness,
    examples=(
        Example(_hired, [0.0]),
        Example(lambda: _hired(0), [1.0]),
        Example(lambda: _hired(1), [0.0]),
        Example(lambda: _hired(0, 1), [1.0]),
    ),
)
