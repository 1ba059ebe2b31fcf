"""SocialLearning-v0 as played: rounds, kept consensuses, planners and agents, against dynamics written here."""

from __future__ import annotations

from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.agents import agents
from palaestra.core.errors import PalaestraError

ENV = "SocialLearning-v0"
TOPICS: dict[str, Any] = {"topics": 2, "informed": "community"}


def planner(name: str, lanes: int, **options: Any) -> dict[str, Any]:
    """The metrics of a planner's play, and its trace."""
    trace = palaestra.run(ENV, name, range(lanes), options={"horizon": 2, **options})
    return {**palaestra.evaluate(trace), "trace": trace}


def matrix_of(state: Any, lane: int, given: Any = None) -> Any:
    """T of a lane, rebuilt from what it drew."""
    drawn = state.society.network
    if given is not None:
        return given
    if drawn.weights is not None:
        return drawn.weights[lane]
    n1, n2 = drawn.sizes[lane].astype(int)
    own = np.repeat([0, 1], [n1, n2])
    ties = np.where(own[:, None] == own, drawn.homophily[lane], 1.0)
    return ties / ties.sum(axis=1, keepdims=True)


def played_on(weights: Any, own: Any, beta: Any, rows: Any, rho: float, beliefs: Any, rounds: int = 6000) -> Any:
    """Where one topic's beliefs are after many rounds; AI a is heard by the community a, or by all if it is alone."""
    members = np.stack([own == c for c in range(rows.shape[1])]) / np.bincount(own)[:, None]
    training = rows @ members
    ai = training @ beliefs
    hears = own if len(rows) > 1 else np.zeros_like(own)
    for _ in range(rounds):
        beliefs, ai = (1 - beta) * (weights @ beliefs) + beta * ai[hears], rho * ai + (1 - rho) * training @ beliefs
    assert np.ptp(beliefs) < 1e-9
    return beliefs.mean()


@pytest.mark.parametrize("network", ["islands", "sampled_islands", "stochastic_block", "small_world"])
@pytest.mark.parametrize("design", ["global", "local"])
@pytest.mark.parametrize("informed", ["everybody", "community"])
def test_the_gap_in_the_trace_is_where_beliefs_end_if_the_design_is_kept(
    network: str, design: str, informed: str
) -> None:
    """Theorem 1 (sheet A(b)) in every design, from the first round and from the second, where it was another."""
    options: dict[str, Any] = {
        "network": network,
        "agents": 12,
        "topics": 2,
        "informed": informed,
        "design": design,
        "speed": 0.6,
    }
    batch = palaestra.make_batch(ENV, 3, **options)
    batch.reset(5)
    state = batch.state
    rng = np.random.default_rng(1)
    space: Any = batch.rules.action_spaces[0]
    action = rng.uniform(0.05, 1.0, (3, *space.shape))
    gap = batch.step([action]).scoring["gap"]
    given = None
    if network in ("stochastic_block", "small_world"):
        given = batch.rules.societies.source.network.weights.toarray()  # type: ignore[attr-defined]
    for lane in range(3):
        sizes = state.society.network.sizes[lane].astype(int)
        own = np.repeat([0, 1], sizes)
        if given is not None:
            own = batch.rules.societies.source.network.community  # type: ignore[attr-defined]
        weights = matrix_of(state, lane, given)
        rows = action[lane].reshape(-1, 2)
        rows = rows / rows.sum(axis=1, keepdims=True)
        for topic in range(2):
            beta = state.society.adoption[lane][own].copy()
            trained = rows
            if design == "local" and informed == "community":
                beta *= np.where(own == topic, 1.0, 0.2)
                trained = rows[[topic]]
            end = played_on(weights, own, beta, trained, 0.6, state.beliefs[lane, topic])
            informed_ones = own == topic if informed == "community" else np.ones(12, bool)
            efficient = state.beliefs[lane, topic][informed_ones].mean()
            assert abs(gap[lane, topic] - abs(end - efficient)) < 1e-8
    again = batch.step([action]).scoring["gap"]
    assert np.abs(again - gap).max() < 1e-12, "a constant of the motion while the design is kept"


def test_beliefs_move_as_the_model_says_and_an_ai_begins_at_what_it_is_trained_on() -> None:
    """Sheet A(a): p(t+1) = (1-beta) T p(t) + beta a(t), a(t+1) = rho a(t) + (1-rho) alpha'p(t), a(0) = alpha'p(0)."""
    batch = palaestra.make_batch(ENV, 2, design="global", speed=None, agents=9)
    batch.reset(11)
    state, ai = batch.state, None
    rng = np.random.default_rng(3)
    beliefs = [state.beliefs[lane, 0].copy() for lane in range(2)]
    told: list[Any] = [None, None]
    for step in range(5):
        action = rng.uniform(0.1, 1.0, (2, 3))
        if step == 0:
            action[:, :2] = 0.0  # nobody is trained on: no AI in this round
        result = batch.step([action])
        for lane in range(2):
            n1 = int(state.society.network.sizes[lane, 0])
            own = np.repeat([0, 1], [n1, 9 - n1])
            beta = state.society.adoption[lane][own] * (step > 0)
            alpha = (action[lane, :2] / max(action[lane, :2].sum(), 1e-9) / [n1, 9 - n1])[own]
            rho = np.clip(action[lane, 2], 0.01, 0.99)
            aim = alpha @ beliefs[lane]
            ai = aim if told[lane] is None else told[lane]
            mixed = matrix_of(state, lane) @ beliefs[lane]
            told[lane] = None if step == 0 else rho * ai + (1 - rho) * aim
            beliefs[lane] = (1 - beta) * mixed + beta * ai
            assert np.abs(batch.state.beliefs[lane, 0] - beliefs[lane]).max() < 1e-12
            error = np.abs(beliefs[lane] - state.society.efficient[lane, 0]).mean()
            assert abs(result.scoring["error"][lane, 0] - error) < 1e-12


def test_no_ai_is_what_the_network_reaches_alone() -> None:
    for design in ("global", "choose"):
        found = planner("NoAI", 50, design=design)
        assert np.abs(found["learning_gain"]).max() < 1e-12
        assert np.array_equal(found["trace"].scoring["gap"][0], found["trace"].scoring["gap_without"][0])
    trace = palaestra.run(ENV, "NoAI", range(20), options={"horizon": 300})
    ended = np.abs(palaestra.evaluate(trace)["belief_error"] - palaestra.evaluate(trace)["learning_gap"])
    assert ended.max() < 1e-9, "and it does reach it"


def test_a_slow_ai_leaves_a_small_gap_and_takes_long() -> None:
    """Sheet A(b): slow when rho -> 1; the belief error counts what the learning gap does not."""
    fast, slow = (planner("PopulationShare", 200, speed=rho, horizon=20) for rho in (0.3, 0.98))
    assert slow["learning_gap"].mean() < fast["learning_gap"].mean()


@pytest.mark.parametrize(("reward", "key"), [("consensus", "gap"), ("error", "error"), ("end", "gap")])
def test_the_planner_is_paid_when_the_page_says(reward: str, key: str) -> None:
    trace = planner("PopulationShare", 5, reward=reward, **TOPICS)["trace"]
    expected = -trace.scoring[key].mean(axis=-1)
    if reward == "end":
        expected[:-1] = 0.0
    assert np.abs(trace.rewards[0] - expected).max() < 1e-15


def test_the_planner_sees_what_the_page_says_and_no_more() -> None:
    def shown(reveal: str | None) -> set[str]:
        space: Any = palaestra.rules(ENV, reveal=reveal).observation_spaces[0]
        return set(space.spaces)

    seen = {reveal: shown(reveal) for reveal in (None, "beliefs", "network")}
    assert seen == {None: {"shares"}, "beliefs": {"shares", "means"}, "network": {"shares", "ties", "adoption"}}
    assert {name for name in agents if agents[name].module.endswith("training_oracle")} == {"TrainingOracle"}
    assert agents["TrainingOracle"].make().privileges == {"reveal": "network"}


def test_what_is_revealed_is_true() -> None:
    batch = palaestra.make_batch(ENV, 4, reveal="network", network="sampled_islands", agents=10)
    (seen,) = batch.reset(3)
    for lane in range(4):
        n1 = round(float(seen["shares"][lane, 0]) * 10)
        weights = batch.state.society.network.weights[lane]
        blocks = [
            [weights[r, c].sum(axis=1).mean() for c in (slice(0, n1), slice(n1, 10))]
            for r in (slice(0, n1), slice(n1, 10))
        ]
        assert np.abs(seen["ties"][lane] - blocks).max() < 1e-12
    batch = palaestra.make_batch(ENV, 4, reveal="beliefs", **TOPICS)
    (seen,) = batch.reset(3)
    for _ in range(2):
        n1 = np.rint(seen["shares"][:, 0] * 16).astype(int)
        first = [batch.state.beliefs[lane, :, : n1[lane]].mean(axis=1) for lane in range(4)]
        assert np.abs(seen["means"][:, :, 0] - first).max() < 1e-12
        (seen,) = batch.step([np.full((4, 7), 0.5)]).observations


def test_agents_who_rely_like_the_model_move_like_the_model() -> None:
    """Sheet A(a) in the agents' seats: weights 1 - beta and beta, each agent its own beta."""
    batch = palaestra.make_batch(ENV, 2, seat="agents", agents=6, speed=0.7, training=[0.9, 0.1])
    batch.reset(4)
    state, beta = batch.state, np.random.default_rng(0).uniform(0.1, 0.9, 6)
    beliefs = [state.beliefs[lane, 0].copy() for lane in range(2)]
    ai = [0.0, 0.0]
    for step in range(4):
        rewards = batch.step([np.tile([1 - b, b], (2, 1)) for b in beta]).rewards
        for lane in range(2):
            n1 = int(state.society.network.sizes[lane, 0])
            alpha = np.repeat([0.9 / n1, 0.1 / (6 - n1)], [n1, 6 - n1])
            aim = alpha @ beliefs[lane]
            ai[lane] = aim if step == 0 else ai[lane]
            moved = (1 - beta) * (matrix_of(state, lane) @ beliefs[lane]) + beta * ai[lane]
            ai[lane], beliefs[lane] = 0.7 * ai[lane] + 0.3 * aim, moved
            earned = -np.abs(moved - state.society.efficient[lane, 0])
            assert np.abs(np.array([reward[lane] for reward in rewards]) - earned).max() < 1e-12


def test_weights_above_one_are_divided_out_and_what_is_left_stays_with_the_own_belief() -> None:
    batch = palaestra.make_batch(ENV, 1, seat="agents", agents=3, network=(np.full((3, 3), 1 / 3)).tolist())
    observations = batch.reset(0)
    before = [{key: float(value[0, 0]) for key, value in seen.items()} for seen in observations]
    after = batch.step([np.array([[1.0, 1.0]]), np.array([[0.25, 0.25]]), np.array([[0.0, 0.0]])]).observations
    own = [float(seen["own"][0, 0]) for seen in after]
    one, other, last = before
    assert abs(own[0] - 0.5 * (one["neighbours"] + one["ai"])) < 1e-15
    assert abs(own[1] - (0.5 * other["own"] + 0.25 * other["neighbours"] + 0.25 * other["ai"])) < 1e-15
    assert own[2] == last["own"]


def test_agents_reach_one_belief_with_neighbours_and_stay_divided_with_little_confidence() -> None:
    """Hegselmann and Krause 2002: a small confidence leaves society divided."""
    options = {"seat": "agents", "agents": 8, "horizon": 200}
    together = palaestra.run(ENV, "NeighboursOnly", range(5), options=options)
    metrics = palaestra.evaluate(together)
    assert np.abs(metrics["belief_error"] - metrics["learning_gap"]).max() < 1e-9
    assert np.abs(metrics["learning_gap"] - metrics["learning_gap_without_ai"]).max() < 1e-9
    apart = palaestra.run(ENV, "BoundedConfidence(confidence=0.001)", range(5), options=options)
    assert (palaestra.evaluate(apart)["belief_error"] > 0.1).all()


def test_local_aggregators_and_planners_say_what_they_need() -> None:
    with pytest.raises(PalaestraError, match="design='local' or 'choose'"):
        palaestra.run(ENV, "LocalAggregators", options={"design": "global"})
    with pytest.raises(PalaestraError, match="'design'"):
        palaestra.run(ENV, "PopulationShare", options={"seat": "agents", "agents": 3})
    with pytest.raises(PalaestraError, match="parallel_env"):
        palaestra.make(ENV, seat="agents")
    assert palaestra.parallel_env(ENV, seat="agents", agents=3).possible_agents == ["player_0", "player_1", "player_2"]


def test_a_learned_planner_trains_and_takes_the_seat() -> None:
    """Stable-Baselines3 trains a planner, which then plays like any agent."""
    sb3 = pytest.importorskip("stable_baselines3")
    env = palaestra.make(ENV, design="global", horizon=4)
    model = sb3.PPO("MultiInputPolicy", env, n_steps=64, batch_size=64, n_epochs=1, seed=0, device="cpu")
    model.learn(256)
    trace = palaestra.run(ENV, model, range(20), options={"design": "global", "horizon": 4})
    assert np.isfinite(palaestra.evaluate(trace)["learning_gap"]).all()


def test_an_environment_of_many_agents_is_feasible() -> None:
    """Sparse networks: here 2,000 agents with the series, as precise as the LU of a small network."""
    options: dict[str, Any] = {
        "network": "small_world",
        "agents": 2000,
        "horizon": 2,
        "design": "global",
        "adoption": (0.2, 0.6),
    }
    batch = palaestra.make_batch(ENV, 2, **options)
    batch.reset(0)
    state = batch.state
    gap = batch.step([np.full((2, 2), 0.5)]).scoring["gap"]
    network = batch.rules.societies.source.network  # type: ignore[attr-defined]
    from scipy.sparse import diags_array, eye_array
    from scipy.sparse.linalg import spsolve

    for lane in range(2):
        beta = state.society.adoption[lane][network.community]
        alpha = (0.5 / np.bincount(network.community))[network.community]
        reached = spsolve((eye_array(2000) - diags_array(1 - beta) @ network.weights).T.tocsc(), alpha)
        weights = (alpha + 0.2 * reached) / (1 + 0.2 * reached.sum())
        beliefs = state.beliefs[lane, 0]
        assert abs(gap[lane, 0] - abs(weights @ beliefs - beliefs.mean())) < 1e-12
