"""DataAcquisition-v0: its rules by hand, its agents, its certificates, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.core.errors import PalaestraError
from palaestra.metrics.acquisition.sufficiency import sufficiency
from palaestra.theory.acquisition.assignment import Assignment
from palaestra.theory.acquisition.cost_box import CostBox
from palaestra.theory.acquisition.cost_ellipsoid import CostEllipsoid
from palaestra.theory.acquisition.cost_polytope import CostPolytope
from palaestra.theory.acquisition.cost_regression import least_squares, spo_plus
from palaestra.theory.acquisition.fibre_bound import FibreBound
from palaestra.theory.acquisition.grid_path import GridPath
from palaestra.theory.acquisition.hiring import Hiring
from palaestra.theory.acquisition.least_cost_data_set import least_cost_data_set
from palaestra.theory.acquisition.linear_program import LinearProgram
from palaestra.theory.acquisition.minimal_data_set import minimal_data_set
from palaestra.theory.acquisition.transport import Transport
from scipy.optimize import linprog

ENV = "DataAcquisition-v0"
EXACT = ("MinimalDataSet", "LeastCostDataSet", "PointwiseCertificate", "BuyAll")


def scores(agent: str, seeds: Any = range(12), **options: Any) -> dict[str, Any]:
    return dict(palaestra.evaluate(palaestra.run(ENV, agent, seeds, options=options)))


@pytest.mark.parametrize("program", [GridPath(3), Hiring(6, 2), Assignment(3), Transport((5, 8), (2, 4, 7))])
def test_the_families_find_what_a_linear_program_finds(program: LinearProgram) -> None:
    costs = np.random.default_rng(0).uniform(-1.0, 2.0, (20, program.dimension))
    found = program.solve(costs)
    bounds = [(0, top) for top in program.upper]
    for x, cost in zip(found, costs, strict=True):
        assert np.allclose(program.matrix @ x, program.rhs)
        other = linprog(cost, A_eq=program.matrix, b_eq=program.rhs, bounds=bounds)
        assert cost @ x == pytest.approx(other.fun, abs=1e-9)
    alone = np.concatenate([program.solve(cost[None]) for cost in costs])
    assert np.array_equal(alone, found)
    vertices = program.vertices()
    assert {tuple(np.round(x, 6)) for x in found} <= {tuple(np.round(x, 6)) for x in vertices}
    assert np.allclose(program.largest, vertices.max(0))


def test_a_purchase_is_paid_answered_and_used() -> None:
    prior = {"centre": [1.0, 2.0, 3.0], "spread": [2.0, 2.0, 2.0]}
    batch = palaestra.make_batch(ENV, num_lanes=1, family="hiring", size=3, prior=prior, price=0.5)
    (seen,) = batch.reset(seed=0)
    cost, price = batch.state.cost[0], seen["prices"][0]
    for item in (0, 2):
        result = batch.step([np.array([item])])
        assert result.rewards[0][0] == -price[item]
    (seen,) = result.observations
    assert seen["answers"][0].tolist() == [cost[0], 0.0, cost[2]] and seen["count"][0].tolist() == [1, 0, 1]
    result = batch.step([np.array([3])])
    believed = np.array([cost[0], 2.0, cost[2]])
    chosen, best = np.sort(np.argsort(believed)[:2]), np.sort(cost)[:2].sum()
    assert result.rewards[0][0] == pytest.approx(best - cost[chosen].sum(), abs=1e-12)
    assert batch.state.decision[0].tolist() == [float(i in chosen) for i in range(3)]
    assert batch.step([np.array([1])]).rewards[0][0] == 0.0  # after commitment steps do nothing


def test_noise_is_averaged_over_purchases_of_the_same_item() -> None:
    batch = palaestra.make_batch(ENV, num_lanes=400, family="hiring", size=3, noise=0.5, horizon=30)
    batch.reset(seed=0)
    for _ in range(25):
        result = batch.step([np.zeros(400, np.int64)])
    error = result.observations[0]["answers"][:, 0] - batch.state.cost[:, 0]
    assert error.std() == pytest.approx(0.1, rel=0.2) and abs(error.mean()) < 0.03


def test_a_lane_that_never_commits_does_so_in_its_last_step() -> None:
    trace = palaestra.run(ENV, lambda seen: 0, range(5), options={"horizon": 4})
    assert (trace.scoring["decision"][-1].sum(1) == 3).all() and (trace.scoring["decision"][-2] == 0).all()


@pytest.mark.parametrize(
    "options",
    [
        {"family": "hiring", "size": 6},
        {"family": "hiring", "size": 5, "menu": "differences"},
        {"family": "path", "size": 3},
        {"family": "path", "size": 4, "prior": "corridor", "uncertainty": "ellipsoid", "menu": "free"},
        {"family": "assignment", "size": 3, "width": 0.3},
        {"family": "polytope", "size": 5, "decide": "estimate"},
        {"family": "transport", "size": 2, "uncertainty": "polytope"},
    ],
)
def test_exact_agents_have_no_regret_and_the_certificate_says_so(options: dict[str, Any]) -> None:
    cost = {}
    for agent in EXACT:
        found = scores(agent, range(6), **options)
        assert np.abs(found["decision_regret"]).max() < 1e-6, agent
        if options.get("uncertainty") != "polytope":  # the certificate does not use the budget
            assert found["sufficiency"].min() == 1.0, agent
        cost[agent] = found["acquisition_cost"]
    assert (cost["LeastCostDataSet"] <= cost["BuyAll"] + 1e-9).all()
    assert cost["PointwiseCertificate"].mean() <= cost["MinimalDataSet"].mean() + 1e-9 or options.get("menu") is None


def test_asking_nothing_is_free_and_regretted() -> None:
    found = scores("CommitNow", range(40))
    assert (found["acquisition_cost"] == 0).all() and found["decision_regret"].mean() > 0.02
    assert np.allclose(found["total_loss"], found["decision_regret"])


def test_predictors_of_costs_beat_the_prior_and_cost_nothing() -> None:
    options: dict[str, Any] = {"family": "path", "size": 4, "prior": "common", "uncertainty": "ellipsoid"}
    options |= {"menu": "free", "decide": "estimate", "contexts": 3, "horizon": 2}
    options["world"] = 7  # one where the prior alone decides badly: in others there is nothing to gain
    dark = scores("CommitNow", range(100), **options)["total_loss"].mean()
    for agent in ("TwoStageLeastSquares", "SPOPlus", "CompressedSPOPlus"):
        found = scores(agent, range(100), **options)
        assert found["total_loss"].mean() < 0.6 * dark
        assert (found["acquisition_cost"] == 0).all()


def test_spo_plus_bounds_the_decision_loss_and_fitting_lowers_it() -> None:
    """Informative data sheet C(b): SPO+ >= c'x*(c^) - c'x*(c); the fit starts from least squares."""
    rng, program = np.random.default_rng(0), GridPath(3)
    contexts = rng.normal(size=(40, 2))
    costs = 2.0 + np.abs(contexts @ rng.normal(size=(2, 12)))  # not linear, so that least squares is off
    offset = costs.mean(0)
    fitted, plain = spo_plus(program, contexts, costs, offset), least_squares(contexts, costs, offset)

    def losses(predicted: Any) -> tuple[Any, Any]:
        best, paths = (program.vertices() @ costs.T).min(0), program.vertices()
        plus = ((costs - 2 * predicted) @ paths.T).max(1) + 2 * (predicted * program.solve(costs)).sum(1) - best
        return plus, (program.solve(predicted) * costs).sum(1) - best

    for model in (fitted, plain):
        plus, regret = losses(model.predict(contexts))
        assert (plus >= regret - 1e-9).all()
    assert losses(fitted.predict(contexts))[0].mean() == pytest.approx(fitted.loss)
    assert fitted.loss < losses(plain.predict(contexts))[0].mean()


def test_the_certificate_refuses_a_decision_and_measurements_that_were_tampered_with() -> None:
    trace = palaestra.run(ENV, "PointwiseCertificate", range(8))
    assert (sufficiency(trace) == 1).all()
    decision = trace.scoring["decision"].copy()
    worst = np.argsort(trace.instance["cost"], axis=1)[:, -4:]
    decision[-1] = 0.0
    np.put_along_axis(decision[-1], worst[:, :3], 1.0, axis=1)
    assert (sufficiency(replace(trace, scoring={**trace.scoring, "decision": decision})) == 0).all()
    nothing = (np.full_like(trace.actions[0], 8),)
    assert sufficiency(replace(trace, actions=nothing)).mean() < 0.5


def test_a_bound_from_tampered_multipliers_proves_nothing() -> None:
    centre, spread, cost = [1.0, 2.0], [1.0, 1.0], [0.5, 2.5]
    for shape in ("box", "ellipsoid"):
        bound = FibreBound(shape, centre, spread, np.eye(2), cost)
        assert bound.shortfall([-1.0, 1.0], [-1.0, 1.0]) == 0
        assert bound.shortfall([-1.0, 1.0], [0.0, 0.0]) > 0
        # What is false is proved by no multipliers.
        rng = np.random.default_rng(0)
        for lam in rng.normal(size=(50, 2)):
            assert bound.shortfall([1.0, -1.0], lam) > 0


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: LinearProgram([[1.0, 1.0]], [-1.0]), "infeasible"),
        (lambda: LinearProgram([[1.0, -1.0]], [0.0]), "unbounded"),
        (lambda: LinearProgram([[1.0, 1.0], [2.0, 2.0]], [1.0, 2.0]), "dependent"),
        (lambda: LinearProgram([[1.0, 1.0]], [1.0, 2.0]), "one number a row"),
        (lambda: CostBox([0.0, 2.0], [1.0, 1.0]), "coordinate 1"),
        (lambda: CostEllipsoid([0.0, 0.0], [1.0, 0.0]), "half-axis 1"),
        (lambda: CostEllipsoid([0.0, 0.0], [[1.0, 2.0], [2.0, 1.0]]), "positive definite"),
        (lambda: CostPolytope([[1.0], [-1.0]], [0.0, 0.0]), "empty or flat"),
        (lambda: CostPolytope([[1.0], [-1.0]], [1.0, 1.0], [1.0]), "open"),
        (lambda: CostPolytope([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]], [1.0, 1.0, 1.0]), "coordinate 1"),
        (lambda: Transport((1, 2), (2, 2)), "equal sums"),
        (lambda: minimal_data_set(Hiring(4, 2), CostBox(np.zeros(3), np.ones(3))), "3 coordinates"),
        (lambda: least_cost_data_set(np.eye(3), np.eye(2), np.ones(2)), "does not fit"),
        (lambda: least_cost_data_set(np.eye(2), np.eye(2)[:1], np.ones(1)), "do not span"),
        (lambda: least_cost_data_set(np.eye(2), np.eye(2), [1.0, -1.0]), "Price 1"),
        (lambda: palaestra.rules(ENV, menu=[[1.0, 2.0]]), "8 entries"),
        (lambda: palaestra.rules(ENV, menu=[[0.0] * 8]), "Measurement 0"),
        (lambda: palaestra.rules(ENV, menu="cheap"), "no menu"),
        (lambda: palaestra.rules(ENV, family="knapsack"), "no family"),
        (lambda: palaestra.rules(ENV, uncertainty="ball"), "no uncertainty set"),
        (lambda: palaestra.rules(ENV, prior={"centre": [1.0], "spread": [1.0]}), "d=8"),
        (lambda: palaestra.rules(ENV, prior="corridor"), "family='path'"),
        (lambda: palaestra.rules(ENV, contexts=2), "prior='common'"),
        (lambda: palaestra.rules(ENV, width=2.0), r"\(0, 1\]"),
        (lambda: palaestra.rules(ENV, noise=float("nan")), "give numbers from 0"),
    ],
)
def test_bad_input_is_refused_by_name(make: Any, words: str) -> None:
    with pytest.raises(PalaestraError, match=words):
        make()


def test_answers_that_no_cost_of_the_set_gives_are_named() -> None:
    for costs in (CostBox([0.0, 0.0], [1.0, 1.0]), CostEllipsoid([0.0, 0.0], [1.0, 1.0])):
        with pytest.raises(PalaestraError, match="fibre is empty"):
            costs.least(np.array([1.0, -1.0]), np.array([[1.0, 1.0]]), np.array([9.0]))
