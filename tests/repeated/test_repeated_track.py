"""The track repeated-adaptive-v0: opponents by scenario, drawn parameters held back, and the curve beside its bound."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import palaestra
import pytest
from palaestra.agents import agents
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.plots.curve_plot import bound_is_drawn, curve_plot
from palaestra.leaderboards.sweeps.bench import bench
from palaestra.leaderboards.sweeps.plan import plan
from palaestra.leaderboards.sweeps.standings import Standings
from palaestra.leaderboards.tracks.repeated_adaptive import TRACK
from palaestra.metrics import metrics
from palaestra.metrics.rankings.external_regret import ranking_bound
from palaestra.metrics.repeated.lrp_regret import ascent_bound

RANKED = ["LinearisedRegret", "StagePGD"]
SHORT = replace(
    TRACK,
    scenarios={name: TRACK.scenarios[name] for name in ("reactive", "drifting")},
    opponents={name: TRACK.opponents[name] for name in ("reactive", "drifting")},
    metrics=("rp_regret", "lrp_regret", "mean_payoff"),
)


@pytest.fixture(scope="module")
def standings(tmp_path_factory: pytest.TempPathFactory) -> Standings:
    folder: Path = tmp_path_factory.mktemp("track")
    return bench(SHORT, RANKED, folder=folder, seeds=10, overrides={"horizon": 250}, workers=1)


@pytest.mark.slow
def test_agents_rank_as_the_theory_says(standings: Standings) -> None:
    """2c: who sees the answers to come loses less than who does not, against opponents whose parameters are drawn."""
    assert not standings.failures
    assert [line.agent for line in standings.lines] == RANKED


@pytest.mark.slow
def test_the_curve_stands_beside_its_bound(standings: Standings) -> None:
    """2b, algorithm B: LRP-Regret of gradient ascent stays under D^2 / (2 eta t) + eta G^2 / 2 in both scenarios."""
    at = standings.results.agents.index("LinearisedRegret")
    for curve in standings.results.curves["lrp_regret"].values():
        assert curve.bound is not None and curve.bound.shape == curve.steps.shape
        assert (np.diff(curve.bound) < 0).all()
        assert (curve.values[at].mean(0) <= curve.bound).all()
    figure = curve_plot(standings, "rp_regret")
    lines = [line for axes in figure.axes for line in axes.get_lines() if line.get_label() == "bound"]
    assert len(lines) == len(SHORT.scenarios) and {line.get_linestyle() for line in lines} == {":"}
    low, high = figure.axes[0].get_ylim()
    assert low < np.asarray(lines[0].get_ydata())[-1] < high, "the end of the bound is seen"
    others = curve_plot(standings, "mean_payoff")
    assert not [line for axes in others.axes for line in axes.get_lines() if line.get_label() == "bound"]


def test_the_bound_is_the_sum_it_is_said_to_be() -> None:
    """D^2 = 2 x 5 histories, G^2 = 2 (3 / 2)^2, eta = 2 / sqrt(T), payoffs scaled by the dilemma's range of 5."""
    rounds = 16
    trace = palaestra.run("RepeatedGame-v0", "TitForTat", [0], horizon=rounds, options={"information": "maps"})
    by_hand = [5 * (10 / (2 * 0.5 * t) + 0.5 * 4.5 / 2) for t in range(1, rounds + 1)]
    assert ascent_bound(trace) == pytest.approx(by_hand)
    bandit = palaestra.run("RankingBandit-v0", "Uniform", [0], horizon=3)
    with pytest.raises(PalaestraError, match="repeated games"):
        ascent_bound(bandit)
    assert metrics["mean_payoff"].load().bound is None


def test_every_scenario_has_its_own_opponent() -> None:
    jobs = plan(TRACK, ["TitForTat"], 1)
    assert {job.scenario: job.seats for job in jobs} == {name: dict(TRACK.opponents[name]) for name in TRACK.scenarios}
    named = {name for seats in TRACK.opponents.values() for name in seats.values()}
    assert named == {"DrawnReactive", "DrawnDrifting", "DrawnDecaying"} <= set(agents)
    with pytest.raises(PalaestraError, match="not scenarios"):
        replace(TRACK, opponents={"elsewhere": {"player_1": "TitForTat"}})
    with pytest.raises(PalaestraError, match="none is left"):
        plan(replace(TRACK, seats={"player_0": "TitForTat"}), ["TitForTat"], 1)


def test_rankings_have_their_theorems_bound_where_its_constants_are_explicit() -> None:
    """Ranking sheet, 3c, Theorem 5.2: written out with every number; nothing is promised for other feedback."""
    options = {"feedback": "instantaneous", "information": "full", "temperature": 2.0, "actions": 3}
    trace = palaestra.run("RankingBandit-v0", "RankingPGD", [0, 1], horizon=30, options=options)
    utility, t = trace.scoring["utility"], 20
    for lane in (0, 1):
        steps = [np.abs(utility[s, lane] - utility[s - 1, lane]).max() for s in range(1, t)]
        p, length = max(sum(steps), 1.0), np.log(4 * 3 * t / 0.05)
        rate = t ** (2 / 3) * length ** (1 / 3)
        regret = 4 * (np.exp(0.5) + 1) ** 2 * p ** (1 / 3) * rate + 2 * p ** (1 / 3) * rate + 4 * p ** (-2 / 3) * rate
        assert ranking_bound(trace)[t - 1, lane] == pytest.approx((regret + t**0.5 * 2.5) / t)
    assert (metrics["external_regret"].load().curve(trace) <= ranking_bound(trace)).all()  # type: ignore[misc]
    bandit = palaestra.run("RankingBandit-v0", "RankingPGD", [0], horizon=5, options={"information": "bandit"})
    assert np.isnan(ranking_bound(bandit)).all()


def test_a_bound_far_above_all_agents_is_told_in_words(standings: Standings) -> None:
    results = standings.results
    curves = {name: replace(curve, bound=curve.bound * 1000) for name, curve in results.curves["rp_regret"].items()}  # type: ignore[operator]
    far = replace(standings, results=replace(results, curves={**results.curves, "rp_regret": curves}))
    plain, told = curve_plot(standings, "rp_regret"), curve_plot(far, "rp_regret")
    assert bound_is_drawn(plain) and not bound_is_drawn(told)
    assert told.axes[0].get_ylim()[1] <= plain.axes[0].get_ylim()[1]
    end = next(iter(curves.values())).bound[-1]  # type: ignore[index]
    assert [text.get_text() for text in told.axes[0].texts] == [f"the bound ends at {end:.3g}"]
