"""Data acquisition: the statements of the sheet on informative data, C(c), against brute force and fractions."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from palaestra.core.errors import PalaestraError
from palaestra.tests.support.small_programs import (
    LOWER,
    UPPER,
    box_around,
    corridor,
    listed_vertices,
    random_polytope,
    reachable,
)
from palaestra.theory.acquisition.cost_box import CostBox
from palaestra.theory.acquisition.cost_regression import compression
from palaestra.theory.acquisition.data_set_certificate import check_data_set, exact_rank, exactly_spans
from palaestra.theory.acquisition.hiring import Hiring
from palaestra.theory.acquisition.least_cost_data_set import least_cost_data_set
from palaestra.theory.acquisition.linear_program import LinearProgram
from palaestra.theory.acquisition.minimal_data_set import minimal_data_set
from scipy.optimize import linprog


@pytest.mark.parametrize("seed", range(8))
def test_the_smallest_data_set_spans_the_differences_of_all_reachable_vertices(seed: int) -> None:
    """Informative data sheet C(c) 1, Corollary 1: D is sufficient iff it spans W*; least size d* = dim W*."""
    rng = np.random.default_rng(seed)
    program, box = random_polytope(rng), box_around(rng, 5, 0.4)
    vertices = listed_vertices(program)
    kept = vertices[[reachable(vertices, i, box) for i in range(len(vertices))]]
    expected = np.linalg.matrix_rank(kept[1:] - kept[0], tol=1e-7) if len(kept) > 1 else 0
    found = minimal_data_set(program, box)
    assert found.size == expected
    if expected:
        both = np.vstack([found.directions, kept[1:] - kept[0]])
        assert np.linalg.matrix_rank(both, tol=1e-6) == expected


@pytest.mark.parametrize("seed", range(6))
def test_relevant_edges_span_what_reachable_vertices_span(seed: int) -> None:
    """Informative data sheet C(c) 1, Theorem 2: span Delta(X, C) = span{x - x' : both reachable}, by enumeration."""
    rng = np.random.default_rng(100 + seed)
    program, box = random_polytope(rng), box_around(rng, 5, 0.4)
    vertices, d = listed_vertices(program), 5
    edges = []
    for x in vertices:
        basic = x > 1e-9
        for j in np.flatnonzero(~basic):
            edge = np.zeros(d)
            edge[j] = 1.0
            edge[basic] = -np.linalg.solve(program.matrix[:, basic], program.matrix[:, j])
            inner: Any = np.stack([box.lower + 1e-3 * box.spread, box.upper - 1e-3 * box.spread], axis=1)
            face = linprog(
                np.zeros(d), A_ub=x - vertices, b_ub=np.zeros(len(vertices)), A_eq=edge[None], b_eq=[0.0], bounds=inner
            )
            if face.status == 0:
                edges.append(edge)
    size = minimal_data_set(program, box).size
    assert (np.linalg.matrix_rank(np.array(edges), tol=1e-7) if edges else 0) == size
    if edges:
        assert np.linalg.matrix_rank(np.vstack([edges, minimal_data_set(program, box).directions]), tol=1e-6) == size


def test_one_direction_less_and_two_costs_look_alike_but_want_different_decisions() -> None:
    """Informative data sheet C(c) 1: with a direction dropped a violating pair exists; with all of them none does."""
    program, box = Hiring(8, 3), CostBox(LOWER, UPPER)
    directions = minimal_data_set(program, box).directions
    rng = np.random.default_rng(3)
    for kept, differ in ((directions, False), (directions[:1], True)):
        seen = False
        null = np.linalg.svd(kept)[2][len(kept) :]
        for _ in range(400):
            cost = rng.uniform(LOWER, UPPER)
            step = null.T @ rng.normal(size=len(null))
            room = np.where(step > 0, (UPPER - cost) / step, (LOWER - cost) / step).min()
            other = cost + 0.999 * room * step
            seen |= bool((program.minimiser(cost) != program.minimiser(other)).any())
        assert seen == differ


def test_a_boundary_point_does_not_count() -> None:
    """Informative data sheet C(c) 2: X = [0, 1], C = (0, 1) needs nothing; a set that crosses 0 needs one query."""
    segment = LinearProgram([[1.0, 1.0]], [1.0], binary=True)  # x and its slack, whose cost is known to be 0
    assert minimal_data_set(segment, CostBox([0.0, 0.0], [1.0, 0.0])).size == 0
    assert minimal_data_set(segment, CostBox([-0.1, 0.0], [1.0, 0.0])).size == 1
    with pytest.raises(PalaestraError, match="open"):
        minimal_data_set(segment, CostBox([0.0, 0.0], [1.0, 0.0]), margin=0.0)


def test_a_known_coordinate_needs_no_measurement() -> None:
    """Informative data sheet C(b): where C is flat, spans count on its own directions alone."""
    program, lower = Hiring(4, 2), np.array([0.0, 0.5, 1.0, 1.0])
    box = CostBox(lower, np.array([2.0, 2.0, 1.0, 1.0]))
    found = minimal_data_set(program, box)
    assert found.size == 2
    assert least_cost_data_set(found.directions, np.eye(4), np.ones(4), box.known).tolist() == [0, 1]


@pytest.mark.parametrize("seed", range(8))
def test_the_cheapest_selection_is_that_of_trying_all_of_them(seed: int) -> None:
    """Informative data sheet C(b), the least-cost program: exact against every subset of the menu."""
    rng = np.random.default_rng(seed)
    menu = rng.integers(-1, 2, (7, 4)).astype(float)
    menu[(menu == 0).all(1)] = 1.0
    wanted = rng.integers(-2, 3, (2, len(menu))) @ menu
    prices = rng.uniform(0.5, 2.0, len(menu))
    found = least_cost_data_set(wanted, menu, prices)
    assert exactly_spans(menu[found], wanted)
    best = min(
        prices[list(subset)].sum()
        for size in range(len(menu) + 1)
        for subset in combinations(range(len(menu)), size)
        if exactly_spans(menu[list(subset)].reshape(-1, 4), wanted)
    )
    assert prices[found].sum() == pytest.approx(best, abs=1e-6)


def test_hiring_the_sheets_example() -> None:
    """Informative data sheet C(c) 7: n = 8, k = 3: S = {2, 3, 4} and d* = 2; differences save one interview."""
    found = minimal_data_set(Hiring(8, 3), CostBox(LOWER, UPPER))
    assert found.size == 2
    assert least_cost_data_set(found.directions, np.eye(8), np.ones(8)).tolist() == [2, 3, 4]
    first, second = np.triu_indices(8, 1)
    menu = np.vstack([np.eye(8), np.eye(8)[first] - np.eye(8)[second]])
    assert len(least_cost_data_set(found.directions, menu, np.ones(len(menu)))) == 2


@pytest.mark.parametrize("seed", range(12))
def test_hiring_interviews_those_who_are_neither_surely_in_nor_surely_out(seed: int) -> None:
    """Informative data sheet C(c) 7: counting intervals gives S, and d* = max(|S| - 1, 0)."""
    rng = np.random.default_rng(seed)
    n, k = 7, int(rng.integers(1, 6))
    lower = rng.uniform(0.0, 3.0, n)
    upper = lower + rng.uniform(0.2, 1.5, n)
    sure = [sum(lower[j] < upper[i] for j in range(n) if j != i) <= k - 1 for i in range(n)]
    out = [sum(upper[j] <= lower[i] for j in range(n) if j != i) >= k for i in range(n)]
    undecided = [i for i in range(n) if not sure[i] and not out[i]]
    found = minimal_data_set(Hiring(n, k), CostBox(lower, upper))
    assert found.size == max(len(undecided) - 1, 0)
    assert least_cost_data_set(found.directions, np.eye(n), np.ones(n)).tolist() == undecided


def test_the_corridor_of_the_five_by_five_grid_has_seven_directions() -> None:
    """Informative data sheet C(d): 22 edges, 34 tied paths of cost 80, the next 180 above; d* = 7."""
    program, ball = corridor()
    paths = program.vertices()
    assert (program.dimension, len(paths), int(program.corridor().sum())) == (40, 70, 22)
    values = np.sort(paths @ ball.centre)
    assert (values[:34] == 80).all() and values[34] == 260
    inside = paths[(paths @ program.corridor()) == 8]
    assert exact_rank(inside[1:] - inside[0]) == 7
    for costs in (ball, CostBox(ball.centre - 1.0, ball.centre + 1.0)):
        found = minimal_data_set(program, costs)
        assert found.size == 7
        assert check_data_set(program, costs, found.decisions, found.costs, found.directions) == 7
    assert (program.matrix @ paths.T == program.rhs[:, None]).all()


def test_dropping_one_of_the_seven_directions_loses_decisions() -> None:
    """Informative data sheet C(c) 6, Theorem 25: in W* nothing is lost; with one direction less many decisions are."""
    program, ball = corridor()
    directions, rng = minimal_data_set(program, ball).directions, np.random.default_rng(0)
    rays = rng.normal(size=(300, 40))
    costs = ball.centre + rays / np.linalg.norm(rays, axis=1, keepdims=True)
    agree = {}
    for kept in (directions, directions[:-1]):
        lift = compression(kept, np.ones(40))
        basis = np.linalg.qr(kept.T)[0]
        compressed = ball.centre + (costs - ball.centre) @ basis @ basis.T
        assert np.allclose(lift @ lift.T, basis @ basis.T)
        best = program.solve(costs)
        agree[len(kept)] = float((((program.solve(compressed) - best) * costs).sum(1) < 1e-9).mean())
    assert agree[7] == 1.0
    assert agree[6] < 0.9
