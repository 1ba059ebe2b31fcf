"""No-regret learners (ranking_feedback sheet, section 3: the map Alg): exact projections, bounds by their statement."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from palaestra.core.errors import PalaestraError
from palaestra.theory.learning.no_regret import (
    FollowTheRegularisedLeader,
    Hedge,
    ProjectedGradientAscent,
    project_to_simplex,
    softmax,
)
from scipy import optimize

POINTS = st.integers(1, 6).flatmap(
    lambda count: arrays_of.arrays(np.float64, (3, count), elements=st.floats(-50, 50, allow_nan=False, width=32))
)


def _nearest_by_enumeration(point: Any) -> Any:
    """The nearest point of the simplex: the best over all supports of the equality-constrained projection."""
    best, count = None, len(point)
    for size in range(1, count + 1):
        for support in map(list, combinations(range(count), size)):
            candidate = np.zeros(count)
            candidate[support] = point[support] - (point[support].sum() - 1.0) / size
            if (candidate >= -1e-12).all():
                distance = float(((candidate - point) ** 2).sum())
                if best is None or distance < best[0]:
                    best = (distance, candidate)
    assert best is not None
    return best[1]


@given(POINTS)
def test_the_projection_is_the_nearest_point_of_the_simplex(points: Any) -> None:
    projected = project_to_simplex(points)
    assert (projected >= 0).all()
    assert np.allclose(projected.sum(-1), 1.0, atol=1e-12)
    for point, answer in zip(points, projected, strict=True):
        assert np.allclose(answer, _nearest_by_enumeration(point), atol=1e-9)


def test_the_projection_agrees_with_a_quadratic_program_of_scipy() -> None:
    numbers = np.random.default_rng(0)
    for _ in range(20):
        point = numbers.normal(size=8) * 2
        solved: Any = optimize.minimize(
            lambda x, *at: float(((x - at[0]) ** 2).sum()),
            np.full(8, 1 / 8),
            args=(point,),
            bounds=[(0.0, 1.0)] * 8,
            constraints=optimize.LinearConstraint(np.ones((1, 8)), 1.0, 1.0),
            method="SLSQP",
            options={"ftol": 1e-14, "maxiter": 500},
        )
        assert np.allclose(project_to_simplex(point), solved.x, atol=1e-5)


@given(POINTS, st.integers(0, 2**6 - 1))
def test_illegal_coordinates_get_nothing_and_the_rest_is_projected_alone(points: Any, code: int) -> None:
    legal = np.array([(code >> k) & 1 == 1 for k in range(points.shape[1])])
    legal[0] |= not legal.any()
    projected = project_to_simplex(points, legal)
    assert (projected[:, ~legal] == 0).all()
    for point, answer in zip(points, projected, strict=True):
        assert np.allclose(answer[legal], _nearest_by_enumeration(point[legal]), atol=1e-9)


@given(POINTS)
def test_a_lane_alone_is_answered_as_in_a_batch(points: Any) -> None:
    for answer in (project_to_simplex, softmax):
        whole = answer(points)
        assert all((answer(points[lane : lane + 1])[0] == whole[lane]).all() for lane in range(len(points)))


@pytest.mark.parametrize("maker", [Hedge, FollowTheRegularisedLeader, ProjectedGradientAscent])
def test_a_learners_lane_is_a_world_of_its_own(maker: Any) -> None:
    utilities = np.random.default_rng(1).uniform(-1, 1, (50, 40, 9))
    whole, alone = maker(40, 9, 0.3), maker(1, 9, 0.3)
    for utility in utilities:
        assert (whole.observe(utility)[17] == alone.observe(utility[17:18])[0]).all()


def _least_likely(strategy: Any, step: int) -> Any:
    """The adversary that pays only the action least played."""
    utility = np.zeros_like(strategy)
    utility[np.arange(len(strategy)), strategy.argmin(-1)] = 1.0
    return utility


def _against_the_leader(strategy: Any, step: int) -> Any:
    """Two actions take turns to be good, one step out of phase; the classic that defeats follow-the-leader."""
    utility = np.zeros_like(strategy)
    utility[:, step % 2] = 0.5 if step == 0 else 1.0
    return utility


def _random(strategy: Any, step: int) -> Any:
    return np.random.default_rng(step).uniform(0, 1, strategy.shape)


def _one_good_late(strategy: Any, step: int) -> Any:
    utility = np.zeros_like(strategy)
    utility[:, 0 if step < 150 else 1] = 1.0
    return utility


SEQUENCES: list[Callable[[Any, int], Any]] = [_least_likely, _against_the_leader, _random, _one_good_late]
LANES, ACTIONS, ROUNDS = 4, 5, 400


def _regret(learner: Any, sequence: Callable[[Any, int], Any]) -> tuple[float, float]:
    """External regret by its definition, and the sum of squared norms of the utilities, worst over lanes."""
    strategy, earned, total, norms = learner.strategy, np.zeros(LANES), np.zeros((LANES, ACTIONS)), np.zeros(LANES)
    for step in range(ROUNDS):
        utility = sequence(strategy, step)
        earned, total, norms = earned + (strategy * utility).sum(-1), total + utility, norms + (utility**2).sum(-1)
        strategy = learner.observe(utility)
    return float((total.max(-1) - earned).max()), float(norms.max())


@pytest.mark.parametrize("sequence", SEQUENCES)
@pytest.mark.parametrize("rate", [0.02, 0.1, 0.5])
def test_hedge_keeps_its_bound(sequence: Any, rate: float) -> None:
    """Cesa-Bianchi and Lugosi 2006, Theorem 2.2: regret <= log A / eta + eta T / 8 on [0, 1]."""
    regret, _ = _regret(Hedge(LANES, ACTIONS, rate), sequence)
    assert regret <= np.log(ACTIONS) / rate + rate * ROUNDS / 8


@pytest.mark.parametrize("sequence", SEQUENCES)
@pytest.mark.parametrize("rate", [0.02, 0.1, 0.5])
def test_gradient_ascent_keeps_its_bound(sequence: Any, rate: float) -> None:
    """Zinkevich 2003: regret <= |x* - x_1|^2 / (2 eta) + eta/2 sum |u|^2, the first at most (1 - 1/A) / (2 eta)."""
    regret, norms = _regret(ProjectedGradientAscent(LANES, ACTIONS, rate), sequence)
    assert regret <= (1 - 1 / ACTIONS) / (2 * rate) + rate / 2 * norms + 1e-9


@pytest.mark.parametrize("sequence", SEQUENCES)
@pytest.mark.parametrize("rate", [0.02, 0.1, 0.5])
def test_the_regularised_leader_keeps_its_bound(sequence: Any, rate: float) -> None:
    """Shalev-Shwartz 2012, Theorem 2.11 with R = |x|^2 / (2 eta): regret <= max R - min R + eta sum |u|^2."""
    regret, norms = _regret(FollowTheRegularisedLeader(LANES, ACTIONS, rate), sequence)
    assert regret <= (1 - 1 / ACTIONS) / (2 * rate) + rate * norms + 1e-9


def test_without_regularisation_the_same_sequence_gives_linear_regret() -> None:
    """The bounds above are not empty: the plain leader loses half of every round."""
    regret, _ = _regret(FollowTheRegularisedLeader(LANES, ACTIONS, 1e6), _against_the_leader)
    assert regret > 0.45 * ROUNDS


@pytest.mark.parametrize("maker", [Hedge, FollowTheRegularisedLeader])
def test_answering_a_total_is_answering_its_parts(maker: Any) -> None:
    utilities = np.random.default_rng(2).uniform(0, 1, (30, LANES, ACTIONS))
    one, other = maker(LANES, ACTIONS, 0.2), maker(LANES, ACTIONS, 0.2)
    for utility in utilities:
        strategy = one.observe(utility)
    assert np.allclose(other.answer(utilities.sum(0)), strategy, atol=1e-12)


def test_gradient_ascent_answers_a_total_like_that_many_copies_of_its_mean() -> None:
    """Algorithm 3 feeds t copies of one estimate; the short cut must give what the copies give."""
    mean = np.random.default_rng(3).uniform(-1, 1, (LANES, ACTIONS))
    one, other = ProjectedGradientAscent(LANES, ACTIONS, 0.05), ProjectedGradientAscent(LANES, ACTIONS, 0.05)
    for _ in range(60):
        strategy = one.observe(mean)
    assert np.allclose(other.answer(60 * mean), strategy, atol=1e-12)


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan")])
def test_a_step_size_that_is_not_positive_is_refused(rate: float) -> None:
    with pytest.raises(PalaestraError, match="must be positive"):
        Hedge(1, 2, rate)
