"""Data acquisition: pointwise algorithm, samples, noise and decoders (informative-data sheet, C(b), C(c) 4 to 8)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from palaestra.core.errors import PalaestraError
from palaestra.tests.support.small_programs import LOWER, UPPER, box_around, corridor, listed_vertices, random_polytope
from palaestra.theory.acquisition.cost_box import CostBox
from palaestra.theory.acquisition.cost_ellipsoid import CostEllipsoid
from palaestra.theory.acquisition.cost_polytope import CostPolytope
from palaestra.theory.acquisition.cumulative_data_set import cumulative_data_set
from palaestra.theory.acquisition.data_set_certificate import check_data_set
from palaestra.theory.acquisition.hiring import Hiring
from palaestra.theory.acquisition.linear_program import LinearProgram
from palaestra.theory.acquisition.minimal_data_set import minimal_data_set
from palaestra.theory.acquisition.pointwise import pointwise_step


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
