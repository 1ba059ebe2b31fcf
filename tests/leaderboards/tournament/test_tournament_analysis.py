"""What evolution and equilibrium make of a table of payoffs, against other libraries and by brute force."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from palaestra.core.errors import PalaestraError
from palaestra.theory.games.alpha_rank import alpha_rank
from palaestra.theory.games.nash_average import nash_average
from palaestra.theory.games.replicator_path import replicator_path
from palaestra.theory.games.replicator_rest_points import RestPoint, replicator_rest_points

HAWK_DOVE = np.array([[-1.0, 4.0], [0.0, 2.0]])
CYCLE = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
STAG_HUNT = np.array([[5.0, 0.0], [4.0, 2.0]])


def random_tables(count: int, most: int = 6) -> list[Any]:
    generator = np.random.default_rng(7)
    return [generator.normal(size=(n, n)) for n in generator.integers(2, most + 1, size=count)]


# --- alpha-rank


@pytest.mark.parametrize("selection", [0.0, 0.02, 0.3, 2.0])
@pytest.mark.parametrize("population", [2, 20])
def test_alpha_rank_agrees_with_open_spiels(selection: float, population: int) -> None:
    spiel: Any = pytest.importorskip("open_spiel.python.egt.alpharank", reason="OpenSpiel is not installed")
    for table in random_tables(12):
        theirs = spiel.compute([table], m=population, alpha=selection, use_local_selection_model=False)[2]
        assert np.allclose(alpha_rank(table, selection, population), theirs, rtol=0, atol=1e-9)


def test_alpha_rank_agrees_with_the_moran_process_played_state_by_state() -> None:
    """Fixation chances from the tridiagonal chain of the process itself, and its law by least squares."""
    m, alpha = 6, 0.7
    for table in random_tables(6, most=4):
        n = len(table)
        chain = np.zeros((n, n))
        for s, r in product(range(n), repeat=2):
            if r != s:
                chain[s, r] = _fixation(table, r, s, alpha, m) / (n - 1)
        chain += np.diag(1 - chain.sum(axis=1))
        law = np.linalg.lstsq(np.vstack([chain.T - np.eye(n), np.ones(n)]), np.eye(n + 1)[n], rcond=None)[0]
        assert np.allclose(alpha_rank(table, alpha, m), law, rtol=0, atol=1e-8)


def _fixation(table: Any, r: int, s: int, alpha: float, m: int) -> float:
    """The chance that one r among m - 1 s ends as m, by solving for all chances of absorption at once."""
    system, wanted = np.eye(m + 1), np.zeros(m + 1)
    wanted[m] = 1.0
    for k in range(1, m):
        mutant = ((k - 1) * table[r, r] + (m - k) * table[r, s]) / (m - 1)
        other = ((m - k - 1) * table[s, s] + k * table[s, r]) / (m - 1)
        up = 1 / (1 + np.exp(-alpha * (mutant - other)))
        system[k, k + 1] -= up
        system[k, k - 1] -= 1 - up
    return float(np.linalg.solve(system, wanted)[1])


def test_alpha_rank_holds_where_the_chances_leave_the_floats() -> None:
    """Omidshafiei et al. 2019: at great alpha only the strongly connected sinks of better replies keep mass."""
    ladder = np.array([[2.0, 1.0, 0.0], [3.0, 2.0, 1.0], [4.0, 3.0, 2.0]])
    assert np.allclose(alpha_rank(ladder, 1e4), [0, 0, 1])
    assert np.allclose(alpha_rank(CYCLE, 1e4), [1 / 3] * 3)
    beaten = np.pad(CYCLE, (0, 1), constant_values=1.0)
    beaten[3] = -1.0
    assert np.allclose(alpha_rank(beaten, 1e4), [1 / 3, 1 / 3, 1 / 3, 0])
    assert np.allclose(alpha_rank(np.full((4, 4), 7.0), 1e4), [0.25] * 4)


def test_alpha_rank_and_nash_average_refuse_what_is_no_table() -> None:
    for bad in (np.zeros((2, 3)), np.zeros((0, 0)), np.array([[np.nan]])):
        for rank in (alpha_rank, nash_average):
            with pytest.raises(PalaestraError, match="square matrix"):
                rank(bad)
    with pytest.raises(PalaestraError, match="population=1"):
        alpha_rank(CYCLE, population=1)


# --- Nash averaging


def test_nash_averaging_agrees_with_open_spiels() -> None:
    pytest.importorskip("cvxpy", reason="cvxpy is not installed")
    spiel: Any = pytest.importorskip("open_spiel.python.algorithms.nash_averaging", reason="OpenSpiel is not installed")
    for table in [CYCLE, *(np.round(one, 2) for one in random_tables(3, most=3))]:
        matrix = (table - table.T) / 2
        theirs = spiel._max_entropy_symmetric_nash(matrix).ravel()
        assert np.allclose(nash_average(table).weights, theirs, rtol=0, atol=1e-5)


def test_nash_averaging_has_the_greatest_entropy_of_all_equilibria() -> None:
    """Balduzzi et al. 2018, Definition 2, against a general solver on games with many equilibria."""
    from scipy.optimize import minimize

    solver: Any = minimize
    generator = np.random.default_rng(3)
    for _ in range(8):
        small = generator.integers(-1, 2, size=(5, 5))
        matrix = (small - small.T) / 2.0
        ours = nash_average(small.astype(float))
        assert (matrix @ ours.weights).max() <= 1e-7 and ours.weights.sum() == pytest.approx(1)
        assert np.allclose(ours.ratings, matrix @ ours.weights)
        best = -np.inf
        for start in generator.dirichlet(np.ones(5), size=4):
            found: Any = solver(
                lambda p: float(np.sum(p * np.log(np.maximum(p, 1e-12)))),
                start,
                bounds=[(0, 1)] * 5,
                constraints=[
                    {"type": "eq", "fun": lambda p: p.sum() - 1},
                    {"type": "ineq", "fun": lambda p, matrix=matrix: -(matrix @ p)},
                ],
                method="SLSQP",
                options={"maxiter": 500, "ftol": 1e-12},
            )
            if found.success and (matrix @ found.x).max() < 1e-7:
                best = max(best, -found.fun)
        held = ours.weights[ours.weights > 0]
        assert -float(np.sum(held * np.log(held))) >= best - 1e-5 and best > -np.inf


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 5))
def test_copies_of_an_agent_share_its_weight_and_change_no_rating(seed: int, n: int) -> None:
    """Balduzzi et al. 2018, Theorem 1: invariance to redundant agents; equilibria of drawn matrices are unique."""
    table = np.random.default_rng(seed).normal(size=(n, n))
    twice = [*range(n), 0]
    one, two = nash_average(table), nash_average(table[np.ix_(twice, twice)])
    assert two.weights[0] == pytest.approx(two.weights[n], abs=1e-6)
    assert two.weights[0] + two.weights[n] == pytest.approx(one.weights[0], abs=1e-5)
    assert np.allclose(two.ratings[:n], one.ratings, rtol=0, atol=1e-5)


def test_with_several_equilibria_copies_do_count() -> None:
    """Where Theorem 1 ends: 0 and 2 tie, and only 2 beats 1; a copy of 0 takes a third of the greatest entropy."""
    table = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, -2.0], [0.0, 2.0, 0.0]])
    assert np.allclose(nash_average(table).weights, [0.5, 0.0, 0.5], atol=1e-6)
    assert np.allclose(nash_average(table).ratings, [0.0, -1.0, 0.0], atol=1e-6)
    twice = table[np.ix_([0, 1, 2, 0], [0, 1, 2, 0])]
    assert np.allclose(nash_average(twice).weights, [1 / 3, 0.0, 1 / 3, 1 / 3], atol=1e-6)
    assert nash_average(twice).ratings[1] == pytest.approx(-2 / 3, abs=1e-6)


# --- replicator dynamics


def test_the_replicators_path_agrees_with_a_general_solver() -> None:
    from scipy.integrate import solve_ivp

    for table in random_tables(5):
        start = np.random.default_rng(1).dirichlet(np.ones(len(table)))
        path = replicator_path(table, start, time=10.0, steps=2000)

        def slope(_: float, x: Any, table: Any = table) -> Any:
            return x * (table @ x - x @ table @ x)

        theirs = solve_ivp(slope, (0, 10), start, rtol=1e-10, atol=1e-12).y[:, -1]
        assert np.allclose(path[-1], theirs, rtol=0, atol=1e-7) and np.allclose(path.sum(axis=1), 1)


def test_the_replicators_slope_agrees_with_open_spiels() -> None:
    dynamics: Any = pytest.importorskip("open_spiel.python.egt.dynamics", reason="OpenSpiel is not installed")
    for table in random_tables(5):
        theirs = dynamics.SinglePopulationDynamics(np.stack([table, table.T]), dynamics.replicator)
        path = replicator_path(table, time=1e-4, steps=1)
        assert np.allclose((path[1] - path[0]) / 1e-4, theirs(path[0]), rtol=0, atol=1e-3)


def test_shares_cycle_where_they_must_and_settle_where_they_must() -> None:
    """Hofbauer and Sigmund 1998, section 7.5: x1 x2 x3 is constant in rock-paper-scissors; hawks settle at V/C."""
    path = replicator_path(CYCLE, np.array([0.5, 0.3, 0.2]), time=60.0)
    assert np.ptp(path.prod(axis=1)) < 1e-6 and np.ptp(path[:, 0]) > 0.2
    assert np.allclose(replicator_path(HAWK_DOVE)[-1], [2 / 3, 1 / 3], atol=1e-6)
    assert replicator_path(STAG_HUNT, np.array([0.7, 0.3]))[-1][0] == pytest.approx(1)
    assert replicator_path(STAG_HUNT, np.array([0.6, 0.4]))[-1][0] == pytest.approx(0)
    assert (replicator_path(CYCLE, np.array([0.5, 0.5, 0.0]))[:, 2] == 0).all()
    with pytest.raises(PalaestraError, match="give 3 shares"):
        replicator_path(CYCLE, np.array([0.5, 0.6, 0.0]))


def test_rest_points_are_those_that_a_search_from_many_starts_finds() -> None:
    from scipy.optimize import fsolve

    generator = np.random.default_rng(5)
    for table in random_tables(8, most=4):
        n = len(table)

        def slope(x: Any, table: Any = table) -> Any:
            return np.append(x[:-1] * ((table @ x)[:-1] - x @ table @ x), x.sum() - 1)

        ours = [point.shares for point in replicator_rest_points(table)]
        assert all(np.abs(shares * (table @ shares - shares @ table @ shares)).max() < 1e-9 for shares in ours)
        searched = [fsolve(slope, start, full_output=True) for start in generator.dirichlet(np.ones(n) * 0.5, 200)]
        kept = [x for x, _, ok, _ in searched if ok == 1 and (x > -1e-6).all() and np.abs(slope(x)).max() < 1e-9]
        assert kept
        for x in kept:
            assert min(float(np.abs(x - shares).max()) for shares in ours) < 1e-5


def rounded(point: RestPoint) -> tuple[float, ...]:
    return tuple(round(float(share), 6) for share in point.shares)


def test_stability_of_rest_points_is_what_the_textbook_says() -> None:
    hawks = {rounded(one): one for one in replicator_rest_points(HAWK_DOVE)}
    mixed = hawks[round(2 / 3, 6), round(1 / 3, 6)]
    assert mixed.growth < 0 and mixed.equilibrium and mixed.dimension == 0
    assert not hawks[1, 0].equilibrium and hawks[1, 0].growth > 0
    stags = {rounded(one): one for one in replicator_rest_points(STAG_HUNT)}
    assert stags[1, 0].growth < 0 and stags[0, 1].growth < 0
    assert stags[round(2 / 3, 6), round(1 / 3, 6)].growth > 0 and stags[round(2 / 3, 6), round(1 / 3, 6)].equilibrium
    (inner,) = [one for one in replicator_rest_points(CYCLE) if (one.shares > 0).all()]
    assert inner.growth == pytest.approx(0, abs=1e-12) and np.allclose(inner.shares, 1 / 3)


def test_neutral_strategies_rest_along_a_whole_set() -> None:
    flat = np.array([[3.0, 3.0, 0.0], [3.0, 3.0, 0.5], [5.0, 1.0, 1.0]])
    (edge,) = [one for one in replicator_rest_points(flat) if (one.shares > 0).tolist() == [True, True, False]]
    assert edge.dimension == 1 and edge.shares[:2].sum() == pytest.approx(1)
    with pytest.raises(PalaestraError, match="at most 10"):
        replicator_rest_points(np.zeros((11, 11)))
