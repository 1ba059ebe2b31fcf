"""ModelRouting-v0 with its agents, its metrics and its track."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import palaestra
import pytest
from gymnasium import spaces
from palaestra.agents.routing.lin_ucb import LinUCB
from palaestra.core.errors import PalaestraError
from palaestra.core.metric import trace_of
from palaestra.envs.model_routing import VARIANTS
from palaestra.envs.routing.routing_table import RoutingTable
from palaestra.envs.routing.synthetic_routing_table import synthetic_routing_table
from palaestra.envs.routing.table_utilities import TableUtilities
from palaestra.leaderboards.tracks import tracks
from palaestra.metrics import metrics
from palaestra.tests.support.routing_files import SOURCES, answered_table, judged_table
from scipy.optimize import linprog

ENV = "ModelRouting-v0"


def play(agent: Any, seeds: Any = range(5), **options: Any) -> Any:
    return palaestra.run(ENV, agent, seeds=seeds, options=options)


def mean_utility(trace: Any) -> Any:
    return trace.rewards[0].mean(0)


def score(name: str, trace: Any) -> Any:
    return metrics[name].load()(trace)


@pytest.mark.parametrize("options", [{"horizon": 200}, {"horizon": 200, "cost_weight": 0.5, "drift": "category"}])
def test_oracle_best_single_and_uniform_are_worth_what_the_table_says(options: dict[str, Any]) -> None:
    """Recomputed from the rows alone; the order between them holds in every lane."""
    table, weight = synthetic_routing_table(), options.get("cost_weight", 0.0)
    oracle, single, uniform = (play(agent, **options) for agent in ("RoutingOracle", "BestFixed", "Uniform"))
    rows = oracle.scoring["row"]
    assert (rows == single.scoring["row"]).all() and (rows == uniform.scoring["row"]).all()
    utility = table.quality[rows] - weight * table.cost[rows] / table.cost.max()
    best = utility.mean(0).max(1)
    assert np.abs(mean_utility(oracle) - utility.max(2).mean(0)).max() < 1e-12
    assert np.abs(mean_utility(single) - best).max() < 1e-12
    assert np.abs(mean_utility(uniform) - utility.mean((0, 2))).max() < 0.1
    assert (mean_utility(oracle) > best).all() and (best > mean_utility(uniform)).all()


@pytest.mark.parametrize("information", ["bandit", "full"])
def test_the_oracle_takes_the_best_model_of_every_prompt_whatever_the_feedback(information: str) -> None:
    for feedback in ("instantaneous", "average", "numeric"):
        trace = play("RoutingOracle", horizon=20, feedback=feedback, information=information)
        assert np.abs(trace.rewards[0] - trace.scoring["utility"].max(2)).max() < 1e-15


def test_the_learner_sees_neither_quality_nor_cost_nor_reward_with_rankings() -> None:
    rules = palaestra.rules(ENV, horizon=5)
    seen = rules.observation_spaces[0]
    assert isinstance(seen, spaces.Dict) and set(seen.spaces) == {"ranking", "context"}
    assert not rules.facts.reward_observed and palaestra.rules(ENV, feedback="numeric").facts.reward_observed


def test_the_default_horizon_is_the_table_and_2000_rounds_at_most() -> None:
    assert palaestra.rules(ENV).facts.horizon == 800
    many = synthetic_routing_table(rows=2500)
    assert palaestra.rules(ENV, table=many, features=0).facts.horizon == 2000


class _RidgeByInversion:
    """Li et al., Algorithm 1, in its own words: A and b kept, A inverted anew at every step, one lane."""

    batched = False

    def __init__(self, alpha: float) -> None:
        self.alpha = alpha

    def reset(self, task: Any, lanes: int, seed: Any) -> None:
        size = task.observation_space["context"].shape[0] + 1
        (self.low, self.high), self.k = task.public["utility_range"], task.public["proposals"]
        self.a = [np.eye(size) for _ in range(task.public["num_actions"])]
        self.b = [np.zeros(size) for _ in range(task.public["num_actions"])]

    def act(self, observation: Any) -> Any:
        x = np.append(observation["context"], 1.0)
        p = [
            (np.linalg.inv(a) @ b) @ x + self.alpha * np.sqrt(x @ np.linalg.inv(a) @ x)
            for a, b in zip(self.a, self.b, strict=True)
        ]
        return np.full(self.k, int(np.argmax(np.round(p, 12))))

    def learn(self, transition: Any) -> None:
        x, arm = np.append(transition.observation["context"], 1.0), transition.action[0]
        reward = transition.next_observation["utilities"][0]
        self.a[arm] = self.a[arm] + np.outer(x, x)
        self.b[arm] = self.b[arm] + (reward - (self.low + self.high) / 2) / (self.high - self.low) * x


def test_lin_ucb_plays_as_the_algorithm_of_the_paper_with_every_matrix_inverted_anew() -> None:
    options: dict[str, Any] = {"feedback": "numeric", "horizon": 150, "features": 6, "cost_weight": 0.5}
    fast, slow = play(LinUCB(alpha=0.3), **options), play(_RidgeByInversion(0.3), **options)
    assert (fast.actions[0] == slow.actions[0]).all()
    assert len(np.unique(fast.actions[0])) == 5


def test_lin_ucb_beats_the_best_single_model_and_exp3_where_words_tell_the_kind_of_prompt() -> None:
    options: dict[str, Any] = {"feedback": "numeric", "proposals": 1, "drift": False}
    linear, exp3 = play("LinUCB", range(10), **options), play("Exp3", range(10), **options)
    assert (score("external_regret", linear) < score("external_regret", exp3)).all()
    assert score("external_regret", linear).mean() < 0 < score("external_regret", exp3).mean()


@pytest.mark.parametrize("information", ["bandit", "full"])
def test_lin_ucb_in_a_lane_alone_plays_as_in_a_batch(information: str) -> None:
    options: dict[str, Any] = {"horizon": 60, "information": information}
    whole = play("LinUCB", range(7), **options)
    for seed in (0, 6):
        alone = play("LinUCB", [seed], **options)
        assert (alone.actions[0][:, 0] == whole.actions[0][:, seed]).all()
        assert (alone.rewards[0][:, 0] == whole.rewards[0][:, seed]).all()


def test_lin_ucb_without_a_context_says_what_it_needs() -> None:
    with pytest.raises(PalaestraError, match=r"needs `context` and `utilities`.*features=32"):
        play("LinUCB", features=0, horizon=3)
    with pytest.raises(PalaestraError, match="alpha=-1"):
        LinUCB(alpha=-1)


@pytest.mark.parametrize("agent", ["LinUCB", "RoutingOracle"])
def test_agents_that_see_more_than_rankings_declare_it(agent: str) -> None:
    trace = play(agent, horizon=5)
    assert trace.options.keys() & {"feedback", "reveal"}


def frontier_by_linear_program(quality: Any, cost: Any, budget: float) -> float:
    """max <p, quality> over strategies p with <p, cost> <= budget."""
    found = linprog(-quality, A_ub=[cost], b_ub=[budget], A_eq=[np.ones(len(cost))], b_eq=[1.0])
    assert found.status == 0 and found.fun is not None
    return -float(found.fun)


@pytest.mark.parametrize("kind", ["proposals", "strategy"])
def test_cost_quality_is_the_gap_to_the_linear_program_over_mixtures(kind: str) -> None:
    generator = np.random.default_rng(3)
    for models in (2, 3, 6):
        quality, cost = generator.random((4, 25, models)), generator.random((4, 25, models)) * 7
        cost[:, :, 0] = cost[:, :, 1]
        action = generator.integers(0, models, (4, 25, 3)) if kind == "proposals" else generator.random((4, 25, models))
        trace = trace_of((action,), scoring={"quality": quality, "cost": cost}, public={"action": kind})
        for lane, gap in enumerate(score("cost_quality", trace)):
            if kind == "proposals":
                pick = np.array([[np.bincount(a, minlength=models) / 3 for a in action[:, lane]]])[0]
            else:
                pick = action[:, lane] / action[:, lane].sum(-1, keepdims=True)
            q, c = quality[:, lane].mean(0), cost[:, lane].mean(0)
            spent, scored = (pick * cost[:, lane]).sum(1).mean(), (pick * quality[:, lane]).sum(1).mean()
            assert abs(gap - (frontier_by_linear_program(q, c, max(spent, c.min())) - scored)) < 1e-8
            assert abs(score("mean_cost", trace)[lane] - spent) < 1e-12
            assert abs(score("mean_quality", trace)[lane] - scored) < 1e-12


def test_without_costs_the_cost_quality_gap_is_the_regret() -> None:
    table = synthetic_routing_table(rows=60)
    free = RoutingTable(
        "free", table.prompts, table.models, table.quality, table.cost * 0, "none", table.categories, table.category
    )
    trace = play("Uniform", table=free, horizon=60)
    assert np.abs(score("cost_quality", trace) - score("external_regret", trace)).max() < 1e-12


def test_every_fixed_model_is_at_or_below_the_frontier_and_the_oracle_is_above() -> None:
    for model in range(5):
        trace = play(lambda observation, a=model: np.array([a, a]), horizon=100)
        assert (score("cost_quality", trace) > -1e-12).all()
    assert (score("cost_quality", play("RoutingOracle", horizon=100)) < 0).all()


@pytest.mark.parametrize("name", VARIANTS)
def test_a_replayed_trace_gives_the_same_scores(name: str) -> None:
    trace = play("Uniform", **VARIANTS[name])
    again = palaestra.evaluate(trace.bare())
    assert {key: value.tolist() for key, value in palaestra.evaluate(trace).items()} == {
        key: value.tolist() for key, value in again.items()
    }


def test_unknown_options_and_values_are_refused_by_name() -> None:
    with pytest.raises(PalaestraError, match=r"no option of ModelRouting-v0 .tabel.\. Did you mean 'table'"):
        palaestra.rules(ENV, tabel="synthetic")
    with pytest.raises(PalaestraError, match=r"There is no table at .nothing\.csv."):
        palaestra.rules(ENV, table="nothing.csv")
    with pytest.raises(PalaestraError, match="horizon=0"):
        palaestra.rules(ENV, horizon=0)


@pytest.mark.parametrize("option", [{"models": ["large", "small"]}, {"cost": "none"}, {"rescale": True}])
def test_options_that_read_a_file_are_refused_where_there_is_none(option: dict[str, Any]) -> None:
    with pytest.raises(PalaestraError, match=r"'synthetic' is not a file.*table=PATH"):
        palaestra.rules(ENV, **option)


def test_a_table_of_the_users_own_making_can_be_passed_as_an_object() -> None:
    own = RoutingTable(
        "own", ("a", "b"), ("x", "y"), np.eye(2), np.ones((2, 2)), "total_cost", (), np.zeros(2, np.int64)
    )
    trace = play("RoutingOracle", table=own, horizon=2)
    assert (mean_utility(trace) == 1.0).all() and trace.public["models"] == ("x", "y")
    assert TableUtilities(own).num_actions == 2


def test_stable_baselines_trains_on_it() -> None:
    stable_baselines3 = pytest.importorskip("stable_baselines3")
    env = palaestra.make(ENV, horizon=50, feedback="numeric", proposals=1)
    model = stable_baselines3.PPO("MultiInputPolicy", env, n_steps=64, batch_size=32, n_epochs=2, seed=1, device="cpu")
    before = [parameter.clone() for parameter in model.policy.parameters()]
    model.learn(256)
    assert any((a != b).any() for a, b in zip(before, model.policy.parameters(), strict=True))
    trace = play(model, feedback="numeric", proposals=1, horizon=50)
    assert trace.steps == 50


def test_every_scenario_of_the_track_runs_its_references() -> None:
    track = tracks["model-routing-v0"].load()
    for scenario in track.scenarios:
        for agent in track.references:
            trace = play(agent, range(2), **track.options(scenario, {"horizon": 12}, demo=True))
            assert set(track.metrics) <= set(palaestra.evaluate(trace))


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(("table", "rows"), [(judged_table, 400), (answered_table, None)])
def test_every_scenario_of_the_track_takes_a_table_of_public_data(
    table: Callable[[str, Path], Path], rows: int | None, source: str, tmp_path: Path
) -> None:
    track, path = tracks["model-routing-v0"].load(), table(source, tmp_path)
    for scenario in track.scenarios:
        rules: Any = palaestra.rules(ENV, **track.options(scenario, {"table": str(path)}, demo=False))
        assert rules.facts.horizon == (rows or len(rules.process.table.prompts))
        assert not rows or rules.public["num_actions"] == 8
        assert rules.process.table.cost_unit == "output_chars"
