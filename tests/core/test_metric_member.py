"""A registration line of a metric names a Metric, or a function that returns one for the line's options."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest
from palaestra.core.errors import PalaestraError, UnknownName
from palaestra.core.metric import Example, Metric, trace_of
from palaestra.core.metric_member import MetricMember
from palaestra.core.registry import Registry
from palaestra.metrics import metrics

HERE = __name__


def paid(times: int = 1, sign: Literal["gain", "loss"] = "gain") -> Metric:
    """The rewards of player_0, so many times, as a gain or a loss."""
    factor = times if sign == "gain" else -times
    trace = trace_of((np.zeros((1, 2)),), (np.array([[1.0, 2.0]]),))
    return Metric(
        "paid",
        lambda trace: factor * (trace.rewards or ())[0].sum(0),
        "higher",
        "payoff",
        "The rewards of player_0.",
        examples=(Example(lambda: trace, [factor, 2 * factor]),),
    )


once = paid()
three = 3


def registry(target: str, **options: Any) -> Registry[Metric]:
    room: Registry[Metric] = Registry("metric", HERE, MetricMember)
    room.register("paid_here", f"{HERE}:{target}", **options)
    return room


def value(metric: Metric) -> list[float]:
    return [float(number) for number in metric(metric.examples[0].trace())]


def test_a_line_may_name_a_metric() -> None:
    found = registry("once")["paid_here"].load()
    assert value(found) == [1.0, 2.0]


def test_a_line_may_name_a_function_and_give_it_options() -> None:
    assert value(registry("paid")["paid_here"].load()) == [1.0, 2.0]
    assert value(registry("paid", times=3)["paid_here"].load()) == [3.0, 6.0]


def test_a_metric_bears_the_name_of_its_line() -> None:
    assert [registry(target)["paid_here"].load().name for target in ("once", "paid")] == ["paid_here"] * 2


def test_options_of_a_call_override_those_of_the_line() -> None:
    line = registry("paid", times=3, sign="loss")["paid_here"]
    assert value(line.make(times=2)) == [-2.0, -4.0]


@pytest.mark.parametrize("target", ["once", "paid"])
def test_an_unknown_option_is_named(target: str) -> None:
    with pytest.raises(UnknownName, match="option of paid_here 'rate'"):
        registry(target, rate=2)["paid_here"].load()


def test_an_option_of_another_type_is_refused() -> None:
    with pytest.raises(PalaestraError, match="times='often' of paid_here"):
        registry("paid", times="often")["paid_here"].load()


@pytest.mark.parametrize("target", ["three", "value"])
def test_a_target_that_is_no_metric_is_refused(target: str) -> None:
    room = registry(target, **({"metric": once} if target == "value" else {}))
    with pytest.raises(PalaestraError, match="Name a Metric, or a function that returns one"):
        room["paid_here"].load()


def test_an_unknown_variant_of_a_family_names_those_there_are() -> None:
    variants = {
        "rp_regret": {"comparator": "best"},
        "augmented_gain": {"game": "augment"},
        "learning_gap": {"of": "everybody"},
        "learning_gain": {"topics": "best"},
        "mean_cost": {"of": "time"},
        "total_loss": {"of": "nothing"},
    }
    for name, options in variants.items():
        with pytest.raises(UnknownName, match="Known: "):
            metrics[name].make(**options)


def test_every_metric_is_listed_by_a_line_of_its_own() -> None:
    """Variants share a page, which says of each what it is."""
    lines = [metrics[name].summary for name in metrics]
    assert len(set(lines)) == len(lines)
    assert metrics["learning_gain"].page == metrics["learning_gap"].page
