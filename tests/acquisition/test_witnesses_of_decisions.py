"""Witnesses about offers, mixtures, policies and data: checked against tables, linear programs and corners of boxes."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.core.metric import Metric, trace_of
from palaestra.core.traces.trace import Trace
from palaestra.metrics import metrics
from palaestra.theory.games import NormalFormGame
from scipy.optimize import linprog


def proved(name: str, trace: Trace) -> tuple[list[str], np.ndarray]:
    """The words of a metric's witnesses, once their values are seen to be the metric's."""
    metric: Metric = metrics[name].load()
    assert metric.witness is not None
    found = [metric.witness(trace, lane) for lane in range(trace.lanes)]
    np.testing.assert_allclose([one.value for one in found], metric(trace), rtol=1e-9, atol=1e-9)
    return [one.text for one in found], metric(trace)


def test_whoever_is_named_gains_most_by_rejecting_the_offer_that_is_named() -> None:
    options = {"game": "random_normal_form", "players": 3, "actions": 2, "horizon": 6}
    seats = {f"player_{i}": "Uniform" for i in range(3)} | {"mediator_0": "Uniform"}
    trace = palaestra.run("MediatedGame-v0", seats, range(6), options=options)
    words, gains = proved("rejection_gain", trace)
    assert (gains > 0).any()
    for lane, text in enumerate(words):
        found = {}
        for at, player, action in product(range(2), range(3), range(2)):
            profile, transfers, punishments = (
                trace.scoring[key][3 * at, lane] for key in ("profile", "transfers", "punishments")
            )
            table = trace.instance.lane(lane).payoffs[0, player]
            rejecting = 0.0
            for k, others in enumerate(product(range(2), repeat=2)):
                joint = (*others[:player], action, *others[player:])
                rejecting += float(punishments[player, k] * table[joint])
            found[at, player, action] = rejecting - float(table[tuple(profile)]) - float(transfers[player])
        assert gains[lane] == pytest.approx(max(0.0, *found.values()))
        if match := re.match(r"player_(\d) .* round (\d) and playing action (\d)", text):
            assert found[int(match[2]), int(match[1]), int(match[3])] == pytest.approx(gains[lane])


def test_the_mixture_on_the_frontier_is_that_of_a_linear_program() -> None:
    options = {"horizon": 30, "cost": "any"}
    trace = palaestra.run("ModelRouting-v0", "Uniform", range(6), options=options)
    _, gaps = proved("cost_quality", trace)
    for lane in range(6):
        quality, cost = trace.scoring["quality"][:, lane].mean(0), trace.scoring["cost"][:, lane].mean(0)
        chosen, steps = trace.actions[0][:, lane], np.arange(30)[:, None]
        spent = max(float(trace.scoring["cost"][steps, lane, chosen].mean()), float(cost.min()))
        best: Any = linprog(-quality, A_ub=[cost], b_ub=[spent], A_eq=[np.ones(len(cost))], b_eq=[1.0])
        reached = float(trace.scoring["quality"][steps, lane, chosen].mean())
        assert gaps[lane] == pytest.approx(-best.fun - reached)


def test_the_fixed_action_that_breaks_a_coarse_correlated_equilibrium_is_named() -> None:
    game = NormalFormGame.of([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    plays = (np.array([[0], [0], [1], [1]]), np.array([[0], [1], [1], [1]]))
    # player_0 earned 1 - 1 + 1 + 1, and by action 1 earns -1 + 1 + 1 + 1: nothing more.
    # player_1 earned -1 + 1 - 1 - 1, and by either action earns 0: a half a round more.
    words, gap = proved("coarse_correlated_gap", trace_of(plays, instance=game))
    assert gap.tolist() == [0.5]
    assert words == ["player_1 by always playing action 0: 0.5 a round more"]


def test_the_group_that_gets_least_and_the_winner_of_all_duels_are_named() -> None:
    trace = palaestra.run("PreferenceAggregation-v0", "Borda", range(6))
    words, level = proved("proportionality_level", trace)
    for lane, text in enumerate(words):
        group = int(re.findall(r"option (\d+)", text)[0])
        policy, shares = trace.scoring["policy"][-1, lane], trace.scoring["shares"][-1, lane]
        assert level[lane] == pytest.approx(policy[group] / shares[group])
        assert all(policy[k] / shares[k] >= level[lane] - 1e-12 for k in range(6) if shares[k] > 0)
    words, chance = proved("condorcet_probability", trace)
    for lane, text in enumerate(words):
        preference = trace.scoring["preference"][-1, lane]
        if len(named := re.findall(r"\d+", text.partition(" ha")[0])) == 1:
            option = int(named[0])
            worst = [min(preference[i, j] for j in range(6) if j != i) for i in range(6)]
            assert worst[option] == max(worst)
            assert chance[lane] == pytest.approx(trace.scoring["policy"][-1, lane, option])


def test_measurements_suffice_exactly_where_no_corner_of_the_box_changes_the_decision() -> None:
    """Hiring 2 of 4: a linear function is worst at a corner, so all corners that agree with the answers are tried."""
    trace = palaestra.run("DataAcquisition-v0", "RandomK", range(24), options={"size": 4, "family": "hiring"})
    words, proof = proved("sufficiency", trace)
    assert 0 < proof.sum() < 24
    program = trace.public["program"]
    vertices = program.vertices()
    for lane, text in enumerate(words):
        cost, centre, spread = (trace.instance[key][lane] for key in ("cost", "centre", "spread"))
        made, commit = trace.scoring["decision"][-1, lane], trace.actions[0][:, lane].tolist().index(4)
        bought = set(trace.actions[0][:commit, lane].tolist())
        most = 0.0
        for corner in product((-1, 1), repeat=4):
            tried = np.array([cost[j] if j in bought else centre[j] + corner[j] * spread[j] for j in range(4)])
            most = max(most, float((tried @ made) - (vertices @ tried).min()))
        assert (most <= 1e-9) == bool(proof[lane]), text
        if match := re.search(r"costs ([\d.e-]+) less", text):
            assert float(match[1]) == pytest.approx(most, rel=1e-3)


@pytest.mark.parametrize("name", ["decision_regret", "total_loss"])
def test_the_better_decision_that_is_named_costs_as_much_less_as_is_said(name: str) -> None:
    trace = palaestra.run("DataAcquisition-v0", "CommitNow", range(12), options={"size": 4, "family": "hiring"})
    words, loss = proved(name, trace)
    assert (loss > 0).any()
    for lane, text in enumerate(words):
        cost, made = trace.instance["cost"][lane], trace.scoring["decision"][-1, lane]
        if match := re.match(r"using x\[([\d, ]+)\]", text):
            other = np.isin(np.arange(4), [int(part) for part in match[1].split(",")]).astype(float)
            paid = float(trace.scoring["paid"][:, lane].sum()) if name == "total_loss" else 0.0
            assert loss[lane] == pytest.approx(cost @ (made - other) + paid)
