"""Agents of PreferenceAggregation-v0, its metrics, and its track with the picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.agents import agents
from palaestra.agents.preferences.preference_rule import PreferenceRule
from palaestra.core.agent import Task
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.plots.pictures import pictures
from palaestra.leaderboards.site.demo_page import write_site
from palaestra.leaderboards.sweeps.bench import bench
from palaestra.leaderboards.tracks import tracks

ENV = "PreferenceAggregation-v0"


def play(agent: Any, seeds: Any = range(4), **options: Any) -> Any:
    return palaestra.run(ENV, agent, seeds, options=options)


# --- agents


@pytest.mark.parametrize("name", ["FStar", "FBeta5", "Borda", "BradleyTerry", "MaximalLottery", "Minimax", "Copeland"])
def test_a_rule_told_the_duels_publishes_what_the_rule_says(name: str) -> None:
    """Abc, bca and cab with shares 3, 2 and 2 of 7: a cycle whose rules can be worked by hand."""
    votes = [[0, 1, 2]] * 3 + [[1, 2, 0]] * 2 + [[2, 0, 1]] * 2
    trace = play(name, [0], profile=votes, reveal="preference", horizon=2)
    # P(a>b) = 5/7, P(b>c) = 5/7, P(c>a) = 4/7; u = (3/7, 2/7, 2/7); Borda a 8, b 7, c 6; margins 3/7, 3/7, 1/7
    weights = {
        "FStar": [3, 2, 2],
        "FBeta5": [3 * np.exp(15 / 7), 2 * np.exp(10 / 7), 2 * np.exp(10 / 7)],
        "Borda": [1, 0, 0],
        "BradleyTerry": [1, 0, 0],
        "MaximalLottery": [3, 1, 3],
        "Minimax": [1, 0, 0],
        "Copeland": [1, 1, 1],
    }[name]
    assert np.allclose(trace.scoring["policy"][0, 0], np.array(weights) / sum(weights), atol=1e-9)


def test_the_estimate_is_that_of_jeffreys_prior_and_a_half_where_nothing_was_asked() -> None:
    wins = np.zeros((1, 3, 3))
    wins[0, 0, 1], wins[0, 1, 0] = 3.0, 1.0
    rules: Any = palaestra.rules(ENV, options=3, queries="batch")
    task = Task(ENV, 0, 1, rules.observation_spaces[0], rules.action_spaces[0], 5, rules.public)
    for prior, p01 in ((0.5, 3.5 / 5), (0.0, 0.75), (2.0, 5 / 8)):
        agent = PreferenceRule(prior=prior)
        agent.reset(task, 1, (0,))
        u = np.array([0.5, 1 - p01, 0.5])
        assert np.allclose(agent.act({"wins": wins})[0], u / u.sum(), atol=1e-12)


def test_the_least_duel_that_is_known_worst_for_its_size_is_asked() -> None:
    rules: Any = palaestra.rules(ENV, options=3)
    task = Task(ENV, 0, 1, rules.observation_spaces[0], rules.action_spaces[0], 5, rules.public)
    agent = PreferenceRule(pairs="uncertain")
    agent.reset(task, 1, (0,))
    # Option 2 loses to both, 10 of 100 and 1 of 10: of the second no more is known than that it is 0.14 +- 0.10.
    wins = np.array([[[0.0, 50.0, 90.0], [50.0, 0.0, 9.0], [10.0, 1.0, 0.0]]])
    assert agent.act({"wins": wins})[0, 3:].tolist() == [0.0, 1.0, 1.0]
    # Now 40 of 160. The least duel of 2 is that with 0, known to 0.10 +- 0.03; those of 0 and 1 are with each other,
    # 0.5 +- 0.22 after four answers.
    wins = np.array([[[0.0, 2.0, 90.0], [2.0, 0.0, 120.0], [10.0, 40.0, 0.0]]])
    assert agent.act({"wins": wins})[0, 3:].tolist() == [1.0, 1.0, 0.0]


def test_asking_where_it_is_uncertain_is_better_than_asking_at_random() -> None:
    options: dict[str, Any] = {"horizon": 60, "answers": 10, "options": 8}
    directed, random = (
        palaestra.evaluate(play(name, range(150), **options))["proportionality_level"]
        for name in ("FStarUncertain", "FStar")
    )
    difference = directed - random
    assert difference.mean() > 2 * difference.std() / 150**0.5


def test_with_many_answers_f_star_reaches_its_guarantee() -> None:
    """Preferences sheet B(c) 2: level >= 1 / sum u, up to what 4,000 answers leave open; and it learns."""
    trace = play("FStar", range(30), horizon=80, answers=1000)
    duel = trace.scoring["preference"][0]
    u = np.where(np.eye(6, dtype=bool), 1.0, duel).min(-1)
    level = palaestra.evaluate(trace)["proportionality_level"]
    assert (level > 1 / u.sum(-1) - 0.05).all()
    exact = palaestra.evaluate(play("FStar", range(30), horizon=2, reveal="preference"))["proportionality_level"]
    assert (exact >= 1 / u.sum(-1) - 1e-12).all()


def test_the_random_dictator_is_perfectly_proportional_and_an_oracle() -> None:
    trace = play("RandomDictator", range(6), horizon=3)
    assert trace.options["reveal"] == "shares"
    assert np.allclose(palaestra.evaluate(trace)["proportionality_level"], 1.0)


@pytest.mark.parametrize(
    "text", ["FStar(rule='dictator')", "FStar(beta=-1)", "FStar(pairs='all')", "FStar(prior=-1)", "FStar(betta=1)"]
)
def test_agents_refuse_options_that_make_no_sense(text: str) -> None:
    with pytest.raises(PalaestraError, match=r"rule=|beta=|pairs=|prior=|betta"):
        agents.spec(text).make()


def test_agents_say_where_they_can_play() -> None:
    with pytest.raises(PalaestraError, match="plays PreferenceAggregation-v0"):
        palaestra.run("RankingBandit-v0", "FStar", range(2), options={"horizon": 3})


# --- metrics, and the library around


def test_scores_are_taken_where_answers_were_true_and_survive_a_replay() -> None:
    trace = play("FStar", range(3), misreport="bury", horizon=10, options=4)
    scores = palaestra.evaluate(trace)
    policy, duel, shares = (trace.scoring[key][4] for key in ("policy", "preference", "shares"))
    group, last = trace.scoring["group"][0], trace.scoring["policy"][9]
    for lane in range(3):
        some = [k for k in range(4) if shares[lane, k] > 0]
        assert np.isclose(scores["proportionality_level"][lane], min(policy[lane, k] / shares[lane, k] for k in some))
        assert np.isclose(scores["win_rate"][lane], sum(policy[lane] * duel[lane].mean(1)))
        gain = last[lane, group[lane]] - policy[lane, group[lane]]
        assert np.isclose(scores["manipulation_gain"][lane], max(gain, 0.0))
    again = palaestra.evaluate(trace.bare())
    assert all(np.array_equal(scores[key], again[key]) for key in scores)


def test_metrics_of_other_environments_are_refused() -> None:
    from palaestra.metrics import metrics

    trace = palaestra.run("RankingBandit-v0", "Uniform", range(2), options={"horizon": 3})
    with pytest.raises(PalaestraError, match="play PreferenceAggregation-v0"):
        metrics["proportionality_level"].load()(trace)


def test_stable_baselines_trains_on_it() -> None:
    stable_baselines3 = pytest.importorskip("stable_baselines3")
    env = palaestra.make(ENV, horizon=8, options=3)
    model = stable_baselines3.PPO("MultiInputPolicy", env, n_steps=32, batch_size=16, n_epochs=1, seed=1, device="cpu")
    model.learn(64)
    trace = play(model, horizon=8, options=3)
    assert np.allclose(trace.scoring["policy"].sum(-1), 1)


def test_the_track_runs_and_draws_proportionality_against_win_rate(tmp_path: Path) -> None:
    track = replace(tracks["preference-aggregation-v0"].load(), demo={"horizon": 6}, demo_seeds=2)
    standings = bench(track, folder=tmp_path / "results", demo=True, workers=1)
    assert not standings.failures and len(standings.lines) == len(track.references)
    ((name, caption, figure),) = pictures(standings)
    assert name == "proportionality_against_win_rate" and caption.startswith("Proportionality against win rate")
    axes = figure.axes[0]
    family = axes.lines[0].get_xydata()
    own = {line.agent: line.estimates for line in standings.lines}
    order = ("FStar", "FBeta1", "FBeta5", "FBeta10", "FBeta20", "Minimax")
    expected = [[own[a]["win_rate"].value, own[a]["proportionality_level"].value] for a in order]
    assert np.allclose(family, expected)
    page = write_site([standings], tmp_path).read_text()
    assert caption in page and page.count("<figure") == 3
