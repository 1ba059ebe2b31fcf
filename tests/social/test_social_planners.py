"""Planners of social learning: Proposition 4, Theorems 2 and 3 in drawn societies, the oracle, robust training."""

from __future__ import annotations

from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.theory.social.robust_interval import robust_interval

ENV = "SocialLearning-v0"
TOPICS: dict[str, Any] = {"topics": 2, "informed": "community"}


def planner(name: str, lanes: int, **options: Any) -> dict[str, Any]:
    """The metrics of a planner's play, and its trace."""
    trace = palaestra.run(ENV, name, range(lanes), options={"horizon": 2, **options})
    return {**palaestra.evaluate(trace), "trace": trace}


@pytest.mark.parametrize(("network", "noise"), [("islands", 1.0), ("sampled_islands", 1e-7)])
def test_local_aggregators_improve_every_topic_in_every_sampled_environment(network: str, noise: float) -> None:
    """Proposition 4 (sheet A(c)4) on 600 drawn societies each.

    The statement is on the weight of a community. Where ties are drawn its members count unequally, so that their noise
    may hide it; hence signals without noise there.
    """
    ranges = {"adoption": (0.05, 0.95), "homophily": (1.05, 20.0), "majority": (0.5, 0.9), "density": 0.9}
    options = {**TOPICS, **ranges, "network": network, "noise": noise, "horizon": 1}
    trace = palaestra.run(ENV, "LocalAggregators", range(600), options=options)
    assert (palaestra.evaluate(trace, ["worst_topic_gain"])["worst_topic_gain"] > 0).all()


@pytest.mark.parametrize(
    "name", ["PopulationShare", "MajorityTraining", "MinorityTraining", "RobustMidpoint", "TrainingOracle"]
)
def test_a_global_design_is_worse_than_local_ones_on_one_topic_at_least(name: str) -> None:
    """Theorem 3 (sheet A(c)5) on 400 drawn societies."""
    local, whole = (
        palaestra.run(ENV, one, range(400), options={**TOPICS, "horizon": 2}).scoring["gap"][-1]
        for one in ("LocalAggregators", name)
    )
    assert (whole > local).any(axis=1).all()


def test_training_on_others_a_little_loses_the_guarantee() -> None:
    """Sheet A(c)4, caution: with own share .9 both topics improve in about half of random environments."""
    options = {**TOPICS, "homophily": (1.0, 20.0), "majority": (0.5, 0.9), "horizon": 1}
    trace = palaestra.run(ENV, "LocalAggregators(own=0.9)", range(600), options=options)
    assert 0.2 < (palaestra.evaluate(trace, ["worst_topic_gain"])["worst_topic_gain"] > 0).mean() < 0.8


def test_the_oracle_closes_the_gap_on_islands_wherever_training_can() -> None:
    """Sheet A(b): alpha that solves w1 = e; where it lies in [0, 1] nothing is left of the gap."""
    found = planner("TrainingOracle", 300)
    training = found["trace"].scoring["training"][-1][:, 0]
    inside = (training > 1e-9) & (training < 1 - 1e-9)
    assert inside.mean() > 0.9
    assert found["learning_gap"][inside].max() < 1e-12
    others = [
        planner(name, 300)["learning_gap"] for name in ("NoAI", "PopulationShare", "RobustMidpoint", "MajorityTraining")
    ]
    assert (found["learning_gap"] <= np.min(others, axis=0) + 1e-12).all()


def test_robust_training_never_harms_where_the_ai_is_slow_enough() -> None:
    """Theorem 2 in the environment: every lane of a robust midpoint inside a nonempty interval gains."""
    found = planner("RobustMidpoint", 500, speed=0.95)
    safe = found["robust_margin"] > 0
    assert safe.mean() > 0.9
    assert (found["learning_gain"][safe] > 0).all()
    assert (found["speed_threshold"][safe] < 0.95).all()
    harmed = planner("MajorityTraining", 500, speed=0.95)
    assert (harmed["robust_margin"] < 0).all() and (harmed["learning_gain"] < 0).any()


def test_the_metrics_of_robustness_are_those_of_the_lanes_own_islands() -> None:
    """The interval is computed for the larger island, whichever it is."""
    found = planner("PopulationShare", 40, majority=(0.2, 0.8), adoption=(0.2, 0.6))
    trace = found["trace"]
    share = trace.instance["shares"].max(axis=1)
    expected = robust_interval(share / (1 - share), 0.8, (1.5, 3.0), (0.2, 0.6))
    assert np.allclose(found["robust_interval"], np.maximum(expected.high - expected.low, 0))
    assert np.allclose(found["robust_margin"], np.minimum(share - expected.low, expected.high - share))
