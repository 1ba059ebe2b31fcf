"""Data acquisition: the statements of the sheet on informative data, C(c), against brute force and fractions."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from palaestra.core.errors import PalaestraError
from palaestra.core.programs.cost_box import CostBox
from palaestra.core.programs.cost_ellipsoid import CostEllipsoid
from palaestra.core.programs.cost_polytope import CostPolytope
from palaestra.core.programs.cost_regression import compression
from palaestra.core.programs.cumulative_data_set import cumulative_data_set
from palaestra.core.programs.data_set_certificate import check_data_set
from palaestra.core.programs.exact_span import exact_rank, exactly_spans
from palaestra.core.programs.grid_path import GridPath
from palaestra.core.programs.hiring import Hiring
from palaestra.core.programs.least_cost_data_set import least_cost_data_set
from palaestra.core.programs.linear_program import LinearProgram
from palaestra.core.programs.minimal_data_set import minimal_data_set
from palaestra.core.programs.pointwise import pointwise_step
from scipy.optimize import linprog

LOWER = np.array([0, 0.2, 1, 1.4, 1.6, 2, 3.2, 4])
UPPER = LOWER + np.array([0.9, 0.7, 0.95, 0.8, 0.9, 0.7, 0.5, 0.5])


def random_polytope(rng: Any, rows: int = 2, columns: int = 5) -> LinearProgram:
    matrix = rng.uniform(0.2, 1.0, (rows, columns))
    return LinearProgram(matrix, matrix @ rng.uniform(0.5, 1.5, columns))


def listed_vertices(program: LinearProgram) -> Any:
    """Every basic feasible solution, tried one by one."""
    rows, columns = program.matrix.shape
    found = []
    for basis in combinations(range(columns), rows):
        square = program.matrix[:, basis]
        if abs(np.linalg.det(square)) > 1e-10:
            x = np.zeros(columns)
            x[list(basis)] = np.linalg.solve(square, program.rhs)
            if (x > -1e-10).all():
                found.append(x)
    return np.array(found)


def reachable(vertices: Any, i: int, box: CostBox, slack: float = 1e-3) -> bool:
    """Whether some cost strictly inside the box makes vertex i optimal: a linear program over costs."""
    inner: Any = np.stack([box.lower + slack * box.spread, box.upper - slack * box.spread], axis=1)
    others = np.delete(vertices, i, axis=0)
    found = linprog(np.zeros(box.dimension), A_ub=vertices[i] - others, b_ub=np.zeros(len(others)), bounds=inner)
    return bool(found.status == 0)


def box_around(rng: Any, d: int, width: float) -> CostBox:
    centre = rng.uniform(1.0, 2.0, d)
    spread = width * rng.uniform(0.3, 1.0, d)
    return CostBox(centre - spread, centre + spread)


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


def corridor() -> tuple[GridPath, CostEllipsoid]:
    program = GridPath(5)
    return program, CostEllipsoid(np.where(program.corridor(), 10.0, 100.0), np.ones(program.dimension))


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


def run_pointwise(program: LinearProgram, costs: Any, cost: Any, told: bool) -> tuple[Any, Any, int, int]:
    directions = np.zeros((0, program.dimension))
    rounds = solved = 0
    while True:
        step = pointwise_step(program, costs, directions, directions @ cost, cost if told else None)
        rounds, solved = rounds + 1, solved + step.solved
        if step.direction is None:
            return directions, step.decision, rounds, solved
        directions = np.vstack([directions, step.direction])


@pytest.mark.parametrize("seed", range(10))
def test_the_pointwise_algorithm_keeps_its_counts(seed: int) -> None:
    """Informative data sheet C(c) 4: directions in W*, independent, <= d*, in <= d* + 1 rounds of <= d - m problems."""
    rng = np.random.default_rng(200 + seed)
    program, box = random_polytope(rng, 2, 6), box_around(rng, 6, 0.4)
    whole = minimal_data_set(program, box)
    cost = rng.uniform(box.lower, box.upper)
    for told in (True, False):
        directions, decision, rounds, solved = run_pointwise(program, box, cost, told)
        assert np.linalg.matrix_rank(directions, tol=1e-7) == len(directions) <= whole.size if len(directions) else True
        both = np.vstack([whole.directions, directions])
        assert np.linalg.matrix_rank(both, tol=1e-6) == whole.size if len(both) else True
        assert rounds <= whole.size + 1 and solved <= (whole.size + 1) * 4
        assert cost @ decision == pytest.approx((listed_vertices(program) @ cost).min(), abs=1e-9)


def test_any_other_facet_may_be_wrong() -> None:
    """Informative data sheet C(b): X = [0,1]^2, c_in = (1, eps), c_out = (-1, -1): eps's facet comes first."""
    square = LinearProgram(np.hstack([np.eye(2), np.eye(2)]), np.ones(2))
    cost = np.array([1.0, 0.05, 0.0, 0.0])
    along, across = 1.1 * np.array([1.0, 0.525]), 0.02 * np.array([-0.525, 1.0])
    shape = 1e-12 * np.eye(4)
    shape[:2, :2] = np.outer(along, along) + np.outer(across, across)
    thin = CostEllipsoid([0.0, -0.475, 0.0, 0.0], shape)
    step = pointwise_step(square, thin, np.zeros((0, 4)), np.zeros(0), cost)
    assert thin.contains(cost)
    assert step.direction is not None and step.direction.tolist() == [0.0, 1.0, 0.0, -1.0]


def test_past_costs_are_learned_without_regret_and_bound_the_next() -> None:
    """Informative data sheet C(c) 4 and 5, Algorithm 2: zero training loss, |T| <= |D| <= d*."""
    program, ball = corridor()
    rng = np.random.default_rng(0)
    rays = rng.normal(size=(40, 40))
    past = ball.centre + rays / np.linalg.norm(rays, axis=1, keepdims=True) * rng.uniform(size=(40, 1)) ** (1 / 40)
    learned = cumulative_data_set(program, ball, past)
    assert len(learned.hard) <= len(learned.directions) <= 7
    for cost in past:
        decision = program.minimiser(ball.decode(learned.directions, learned.directions @ cost))
        assert cost @ decision == pytest.approx(cost @ program.minimiser(cost), abs=1e-9)
    again = cumulative_data_set(program, ball, past[list(learned.hard)])
    assert np.array_equal(again.directions, learned.directions)
    assert learned.risk_bound(0.05) == pytest.approx(4 / 40 * (6 * len(learned.hard) + 1 + np.log(20)))


def test_the_lower_bound_instance_needs_as_many_samples_as_it_says() -> None:
    """Informative data sheet C(c) 5, Theorem 24: n <= (d* - 1)/(8 eps) gives P(R >= eps) >= 1/2; Theorem 23 holds."""
    size, eps = 4, 0.05  # d* = size; coordinate j is decided only by a sample of type j
    centre = np.concatenate([np.full(size, 0.99), np.zeros(size)])
    cube = LinearProgram(np.hstack([np.eye(size), np.eye(size)]), np.ones(size))
    ball = CostEllipsoid(centre, np.concatenate([np.ones(size), np.full(size, 1e-6)]))
    chance = np.concatenate([[1 - 2 * eps], np.full(size - 1, 2 * eps / (size - 1))])
    rng, exceeded, violated, trials = np.random.default_rng(1), 0, 0, 20
    few = int((size - 1) / (8 * eps))
    costs = centre - 0.9999 * np.eye(2 * size)[:size]
    for _ in range(trials):
        types = rng.choice(size, few, p=chance)
        learned = cumulative_data_set(cube, ball, costs[types])
        wrong = 0.0
        for kind in range(size):
            cost = costs[kind]
            step = pointwise_step(cube, ball, learned.directions, learned.directions @ cost, cost)
            wrong += chance[kind] * (step.direction is not None)
        exceeded += wrong >= eps
        violated += wrong > learned.risk_bound(0.05)
    assert exceeded / trials >= 0.5
    assert violated == 0


def test_noise_within_the_radius_is_harmless_and_beyond_it_is_not() -> None:
    """Informative data sheet C(c) 8: 2 |eps| below the least c'(x' - x*)/|lam| keeps the decision optimal."""
    program, box = Hiring(4, 2), CostBox([1.0, 1.0, 1.0, 1.0], [2.0, 2.0, 2.0, 2.0])
    cost = np.array([1.2, 1.3, 1.5, 1.8])
    best = program.minimiser(cost)
    # With coordinates measured lam = x' - x*, and the decoder minimises the greatest deviation: |lam| is its dual, l1.
    others = [x for x in program.vertices() if (x != best).any()]
    radius = min(cost @ (x - best) / np.abs(x - best).sum() for x in others) / 2 * 2
    rng = np.random.default_rng(0)
    for _ in range(50):
        noise = rng.choice((-1.0, 1.0), 4) * 0.499 * radius
        assert (program.minimiser(box.decode(np.eye(4), cost + noise)) == best).all()
    noise = 1.01 * radius * np.array([0.0, 1.0, -1.0, 0.0])
    assert (program.minimiser(box.decode(np.eye(4), cost + noise)) != best).any()


@pytest.mark.parametrize("seed", range(5))
def test_the_closed_form_on_ellipsoids_is_that_of_a_conic_solver(seed: int) -> None:
    """Informative data sheet C(b): min delta'c over the fibre of an ellipsoid, against cvxpy."""
    cvxpy = pytest.importorskip("cvxpy")
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(5, 5)) + 3 * np.eye(5)
    ellipsoid = CostEllipsoid(rng.normal(size=5), root @ root.T)
    inside = rng.normal(size=5)
    cost = ellipsoid.centre + ellipsoid.root @ (0.6 * inside / np.linalg.norm(inside))
    queries, direction = rng.normal(size=(2, 5)), rng.normal(size=5)
    value, point = ellipsoid.least(direction, queries, queries @ cost)
    unit = cvxpy.Variable(5)
    other = ellipsoid.centre + ellipsoid.root @ unit
    problem = cvxpy.Problem(
        cvxpy.Minimize(direction @ other), [cvxpy.norm(unit) <= 1, queries @ other == queries @ cost]
    )
    assert value == pytest.approx(problem.solve(solver="CLARABEL"), abs=1e-6)
    assert np.allclose(queries @ point, queries @ cost) and ellipsoid.contains(point)


@pytest.mark.parametrize("shape", ["box", "ellipsoid", "polytope"])
def test_the_decoder_returns_a_cost_of_the_set_that_agrees(shape: str) -> None:
    """Informative data sheet C(a), Proposition 2: any cost of C with the same answers will do."""
    rng = np.random.default_rng(5)
    centre, spread = rng.uniform(1, 2, 6), rng.uniform(0.2, 0.5, 6)
    box = CostBox(centre - spread, centre + spread)
    matrix, rhs = box.inequalities()
    cut = np.ones((1, 6)) / spread
    sets = {
        "box": box,
        "ellipsoid": CostEllipsoid(centre, spread),
        "polytope": CostPolytope(np.vstack([matrix, cut]), np.append(rhs, cut @ centre + 1.5), centre),
    }
    costs = sets[shape]
    for _ in range(30):
        unit: Any = rng.uniform(-1, 1, 6)
        unit *= min(1.0, 0.99 / np.linalg.norm(unit)) if shape == "ellipsoid" else min(1.0, 1.4 / abs(unit.sum()))
        cost, queries = centre + spread * unit, rng.normal(size=(3, 6))
        decoded = costs.decode(queries, queries @ cost)
        assert costs.contains(decoded, 1e-6)
        assert np.allclose(queries @ decoded, queries @ cost, atol=1e-6)


def test_a_tampered_data_set_is_refused() -> None:
    program, box = Hiring(8, 3), CostBox(LOWER, UPPER)
    found = minimal_data_set(program, box)
    honest = (found.decisions, found.costs, found.directions)
    assert check_data_set(program, box, *honest) == 2
    outside = found.costs.copy()
    outside[1, 2] = UPPER[2] + 0.1
    swapped = found.decisions.copy()
    swapped[1] = np.eye(8)[5:].sum(0)
    half = found.decisions.copy()
    half[1] = 0.5 * half[1]
    for tampered, words in (
        ((found.decisions, outside, found.directions), "outside"),
        ((swapped, found.costs, found.directions), "above the optimum"),
        ((half, found.costs, found.directions), "not feasible"),
        ((found.decisions[[0, 1, 1]], found.costs[[0, 1, 1]], found.directions), "dependent"),
        ((found.decisions, found.costs, found.directions[:1]), "do not span"),
    ):
        with pytest.raises(PalaestraError, match=words):
            check_data_set(program, box, *tampered)
