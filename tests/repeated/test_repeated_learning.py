"""What learners reach against adaptive opponents and in self-play (sheet 2c and 2d); payoffs divided by the largest."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.agents import agents
from palaestra.agents.repeated.linearised_regret import LinearisedRegret
from palaestra.agents.repeated.occupancy_descent import OccupancyDescent, project_to_occupancies
from palaestra.agents.repeated.perturbed_leader import PerturbedLeader
from palaestra.core.traces.trace import Trace
from palaestra.metrics import metrics
from palaestra.theory.games.classics import CLASSICS
from palaestra.theory.repeated.interaction import Interaction
from palaestra.theory.repeated.memory import Memory
from scipy.optimize import linprog, minimize

DILEMMA = [[[0.6, 0.0], [1.0, 0.2]], [[0.6, 1.0], [0.0, 0.2]]]


def play(own: Any, other: Any, rounds: int, lanes: int = 1, game: Any = DILEMMA, memory: int = 1) -> Trace:
    options = {"information": "maps", "game": game, "memory": memory}
    return palaestra.run("RepeatedGame-v0", [own, other], range(lanes), horizon=rounds, options=options)


def score(name: str, trace: Trace) -> Any:
    return metrics[name].load()(trace)


def projected_gradient_ascent(start: Any = "uniform") -> LinearisedRegret:
    return LinearisedRegret(depth=0, look_ahead=1, start=start)


# --- LRP-OGD against a slow opponent


@pytest.mark.slow
def test_linearised_regret_is_of_order_root_t_and_pgd_is_linear() -> None:
    """2c, drifting opponent, T = 250, 1000, 4000: LRP-Regret / sqrt(T) is bounded, PGD's RP-Regret is linear."""
    ratios, ours, theirs = [], [], []
    for rounds in (250, 1000, 4000):
        trace = play("LinearisedRegret", "DriftingMixture", rounds)
        ratios.append(float(score("lrp_regret", trace)[0] * np.sqrt(rounds)))
        ours.append(float(score("rp_regret", trace)[0]))
        bound = metrics["lrp_regret"].load().bound
        assert bound is not None and score("lrp_regret", trace)[0] <= bound(trace)[-1]
        theirs.append(float(score("rp_regret", play(projected_gradient_ascent(), "DriftingMixture", rounds))[0]))
    assert max(ratios) < 1.5
    assert ours == sorted(ours, reverse=True) and ours[-1] < 0.01
    assert theirs == sorted(theirs) and min(theirs) > 0.03


@pytest.mark.parametrize("learner", ["PerturbedLeader", "OccupancyDescent"])
def test_the_other_two_algorithms_lose_a_fraction_of_what_pgd_loses(learner: str) -> None:
    """2c, same opponent at T = 1000: FTPL .0196, occupancy OMD .0156, PGD .0449 in the sheet."""
    regret = score("rp_regret", play(learner, "DriftingMixture", 1000))[0]
    assert regret < 0.03 < score("rp_regret", play("StagePGD", "DriftingMixture", 1000))[0]


def test_the_delayed_look_ahead_learns_too() -> None:
    """2b, algorithm B with the maps truly played, H rounds late."""
    delayed = score("rp_regret", play(LinearisedRegret(delay=True), "DriftingMixture", 1000))[0]
    assert delayed < 0.03


def test_the_delayed_gradient_is_that_of_the_rounds_that_followed() -> None:
    """2b, algorithm B by hand: with delay the H-round values use the maps of rounds t to t + H - 1."""
    memory, rounds, look_ahead = Memory((2, 2), 1), 4, 2
    trace = play(LinearisedRegret(look_ahead=look_ahead, delay=True, rate=0.1), "DriftingMixture", rounds)
    own, other = (action[:, 0] for action in trace.actions)
    payoff, law, laws = np.array(DILEMMA[0]), np.eye(5)[4], []
    for t in range(rounds):
        laws.append(law)
        joint = law[:, None, None] * own[t][:, :, None] * other[t][:, None, :]
        law = np.append(joint.sum(0).ravel(), 0.0)
    expected = own[0]
    assert (own[1] == own[0]).all(), "the first gradient arrives after H rounds"
    for t in range(rounds - look_ahead):
        gradient = np.zeros((5, 2))
        for s, a, b in product(range(5), (0, 1), (0, 1)):
            after = 2 * a + b
            later = own[t + 1][after] @ payoff @ other[t + 1][after]
            gradient[s, a] += laws[t][s] * other[t][s, b] * (payoff[a, b] + later)
        moved = expected + 0.1 * gradient
        shift = (moved.sum(1, keepdims=True) - 1.0) / 2.0  # the projection, where no chance reaches 0
        expected = moved - shift
        assert (expected > 0).all() and np.allclose(own[t + 2], expected)
    assert memory.start == 4


# --- self-play in the stag hunt


@pytest.mark.slow
def test_linearised_regret_hunts_more_stags_than_pgd() -> None:
    """2d, (5,0,4,2), random first maps, 400 lanes: mean payoffs with 95% intervals that do not overlap."""
    means = []
    for seats in (
        [projected_gradient_ascent("random") for _ in range(2)],
        [LinearisedRegret(look_ahead=3, start="random") for _ in range(2)],
    ):
        trace = play(seats[0], seats[1], 400, lanes=400, game="stag_hunt")
        each = np.mean(trace.rewards, axis=(0, 1)) / 5  # type: ignore[arg-type]
        means.append((each.mean(), 1.96 * each.std(ddof=1) / np.sqrt(len(each))))
    (pgd, pgd_half), (lrp, lrp_half) = means
    assert lrp - lrp_half > pgd + pgd_half


@pytest.mark.slow
def test_uniform_weights_reach_subgame_perfection_and_path_weights_do_not() -> None:
    """2d, SPE check: the greatest one-shot gain is below .02 of the payoff scale in 95% of runs, and in hardly any.

    Gains count ten rounds, so the learners look ten rounds ahead; a step of .25 stands in for the sheet's longer runs.
    Path weights stay where they start off the path; a random start is perfect by chance in at most 1% of runs.
    """
    share = {}
    for weights, rounds in (("uniform", 800), ("path", 400)):
        chosen = f"look_ahead=10, weights='{weights}', start='random'"
        made = f"palaestra.agents.repeated.linearised_regret:LinearisedRegret({chosen}"
        agent = made + (", rate=0.25)" if weights == "uniform" else ")")
        trace = play(agent, agent, rounds, lanes=200, game="stag_hunt")
        share[weights] = (score("one_shot_deviation", trace) / 5 < 0.02).mean()
    assert share["uniform"] >= 0.95 and share["path"] <= 0.01


def test_one_shot_gains_are_those_of_play_itself() -> None:
    """The deviation gain at every history by following both branches for ten rounds, by hand."""
    trace = play("DecayingMemory", "DriftingMixture", 3)
    own, other = (action[-1, 0] for action in trace.actions)
    payoffs = np.array(DILEMMA)

    def value(player: int, state: int, left: int, first: int | None) -> float:
        rows = [own[state], other[state]]
        if first is not None:
            rows[player] = np.eye(2)[first]
        joint = np.outer(*rows)
        now = float((joint * payoffs[player]).sum())
        if left == 1:
            return now
        key = (player, left - 1)
        if key not in known:
            known[key] = [value(player, s, left - 1, None) for s in range(5)]
        return now + float(joint.ravel() @ known[key][:4])

    known: dict[tuple[int, int], list[float]] = {}
    gains = [value(i, s, 10, a) - value(i, s, 10, None) for i, s, a in product((0, 1), range(5), (0, 1))]
    assert score("one_shot_deviation", trace)[0] == pytest.approx(max(gains))


# --- occupancy measures


def stationary_process(noise: float) -> tuple[Any, Any]:
    """P(s' | s, a) and payoffs (4, 2) of the dilemma (3, 0, 5, 1) against tit-for-tat that errs with chance `noise`."""
    transition, payoff = np.zeros((4, 2, 4)), np.zeros((4, 2))
    for (before, other), a in product(product((0, 1), repeat=2), (0, 1)):
        for b in (0, 1):
            chance = 1 - noise if b == before else noise
            transition[2 * before + other, a, 2 * a + b] += chance
            payoff[2 * before + other, a] += chance * [[3, 0], [5, 1]][a][b]
    return transition, payoff


@pytest.mark.parametrize(("noise", "value"), [(0.0, 3.0), (0.05, 2.85)])
def test_the_best_occupancy_against_tit_for_tat(noise: float, value: float) -> None:
    """2c: the linear program over occupancies is worth 3.0, and 2.85 under 5% noise; our agents get there."""
    transition, payoff = stationary_process(noise)
    flow = np.eye(4)[:, None, :] - transition
    rows = np.vstack([flow.reshape(8, 4).T, np.ones(8)])
    found: Any = linprog(-payoff.ravel(), A_eq=rows, b_eq=[0, 0, 0, 0, 1], bounds=(0, None))
    assert -found.fun == pytest.approx(value, abs=1e-9)
    if noise == 0.0:
        assert found.x == pytest.approx([1, 0, 0, 0, 0, 0, 0, 0], abs=1e-9)
    other = agents.spec(f"palaestra.agents.repeated.reactive:Reactive(noise={2 * noise})").make()
    memory = Memory((2, 2), 1)
    problem = Interaction.of(CLASSICS["prisoners_dilemma"].game, memory, 0)
    trace = play(OccupancyDescent(rate=0.2), other, 300, game="prisoners_dilemma")
    ours = problem.transitions(trace.actions[1][-1])[0, :4, :, :4]
    assert np.allclose(ours, transition)
    last = problem.payoffs_of(trace.actions[0][[-1] * 100], trace.actions[1][[-1] * 100])
    assert last[-1, 0] == pytest.approx(value, abs=0.03)


@pytest.mark.parametrize("seed", range(4))
def test_the_dual_solver_agrees_with_an_independent_one(seed: int) -> None:
    """2b, algorithm C: argmax of <q, base> + entropy over the flow polytope, against scipy's SLSQP on q itself."""
    numbers = np.random.default_rng(seed)
    transition, base = numbers.dirichlet(np.ones(4), (4, 2)), numbers.normal(size=(4, 2))
    flow = transition - np.eye(4)[:, None, :]
    dual, measure = project_to_occupancies(base[None], flow[None], np.zeros((1, 4)), 50)

    def objective(q: Any) -> float:
        return float((q * (np.log(q) - base.ravel())).sum())

    limits: Any = {"type": "eq", "fun": lambda q: np.append(q @ flow.reshape(8, 4)[:, :3], q.sum() - 1.0)}
    solve: Any = minimize
    found = solve(
        objective,
        np.full(8, 1 / 8),
        jac=lambda q: np.log(q) + 1.0 - base.ravel(),
        constraints=[limits],
        bounds=[(1e-9, 1)] * 8,
        tol=1e-14,
        method="SLSQP",
    )
    assert found.success and dual.shape == (1, 4)
    assert measure[0].ravel() == pytest.approx(found.x, abs=1e-5)
    assert np.abs(measure[0].ravel() @ flow.reshape(8, 4)).max() < 1e-10


def test_lanes_of_the_dual_solver_do_not_wait_for_each_other() -> None:
    """A lane that is done stays as it is, however long others take: the same bits alone and together."""
    numbers = np.random.default_rng(1)
    base = numbers.normal(size=(3, 4, 2)) * np.array([0.01, 1.0, 8.0])[:, None, None]
    flow = numbers.dirichlet(np.ones(4), (3, 4, 2)) - np.eye(4)[:, None, :]
    together = project_to_occupancies(base, flow, np.zeros((3, 4)), 40)
    for lane in range(3):
        alone = project_to_occupancies(base[[lane]], flow[[lane]], np.zeros((1, 4)), 40)
        assert (alone[0][0] == together[0][lane]).all() and (alone[1][0] == together[1][lane]).all()


# --- the oracle of FTPL, and of best replies


def test_the_leader_is_the_best_of_all_deterministic_maps() -> None:
    """2b, algorithm A: without perturbation the map played is best for sum_s f_s, each f_s by a chain of its window."""
    rounds, window = 9, 3
    trace = play(PerturbedLeader(rate=1e12, window=window), "DriftingMixture", rounds)
    own, other = (action[:, 0] for action in trace.actions)
    payoff, law, laws = np.array(DILEMMA[0]), np.eye(5)[4], []

    def after(law: Any, mine: Any, theirs: Any) -> Any:
        return np.append((law[:, None, None] * mine[:, :, None] * theirs[:, None, :]).sum(0).ravel(), 0.0)

    for t in range(rounds):
        laws.append(law)
        law = after(law, own[t], other[t])

    def judged(candidate: Any, s: int) -> float:
        first = max(0, s - window + 1)
        now = laws[first]
        for t in range(first, s):
            now = after(now, candidate, other[t])
        return float((now[:, None, None] * candidate[:, :, None] * other[s][:, None, :] * payoff).sum())

    pure = [np.eye(2)[list(rows)] for rows in product((0, 1), repeat=5)]
    for t in range(1, rounds):
        totals = [sum(judged(candidate, s) for s in range(t)) for candidate in pure]
        assert sum(judged(own[t], s) for s in range(t)) == pytest.approx(max(totals), abs=1e-9)


def test_the_best_reply_to_tit_for_tat_defects_in_the_end_alone() -> None:
    """Dynamic programming by hand: cooperation until the last round, which nobody can answer."""
    trace = play("BestReply", "TitForTat", 30, game="prisoners_dilemma")
    played = trace.scoring["play"][:, 0, 0]
    assert (played[1:-1] == 0).all() and played[-1] == 1


def test_learning_with_memory_finds_cooperation_and_external_regret_does_not() -> None:
    """Against tit-for-tat: Q-learning on histories cooperates; Hedge, which sees the stage game alone, defects."""
    q, hedge = ("palaestra.agents.repeated.history_q_learning:HistoryQLearning(exploration=0.02)", "StageHedge")
    payoffs = [play(agent, "TitForTat", 3000, lanes=5).rewards[0][-500:].mean() for agent in (q, hedge)]  # type: ignore[index]
    assert payoffs[0] > 0.5 > 0.25 > payoffs[1]


@pytest.mark.parametrize("alg", ["hedge", "pgd", "ftrl", "regret_matching_plus", "fictitious_play", "exp3"])
def test_stage_learners_have_little_external_regret(alg: str) -> None:
    """Against independent actions, where external regret is the right one: at most 3 sqrt(log A / T) and noise."""
    agent = f"palaestra.agents.repeated.stage_learner:StageLearner(alg='{alg}')"
    trace = palaestra.run(
        "RepeatedGame-v0", [agent, "GenerousTitForTat"], range(20), horizon=1000, options={"game": "stag_hunt"}
    )
    assert score("external_regret", trace).mean() / 5 < 3 * np.sqrt(np.log(2) / 1000)
