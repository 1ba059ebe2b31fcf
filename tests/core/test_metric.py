"""What a metric gives of a trace: values, and a curve that is computed once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from palaestra.core.errors import PalaestraError
from palaestra.core.metric import Metric, trace_of
from palaestra.core.traces.trace import Trace
from palaestra.leaderboards.sweeps.execute import thinned_curves, values_and_curves
from palaestra.leaderboards.sweeps.standings import Measure

TRACE = trace_of((np.zeros((3, 2)),), (np.array([[1.0, 2.0], [3.0, 2.0], [5.0, 8.0]]),))


def totals(seen: list[Trace], compute: Any = None, better: Any = "higher") -> Metric:
    """The sum of rewards after each step; every trace that its curve is asked about is appended to `seen`."""

    def curve(trace: Trace) -> np.ndarray:
        seen.append(trace)
        assert trace.rewards is not None
        return np.cumsum(trace.rewards[0], axis=0)

    return Metric("totals", compute, better, "payoff", "The sum.", curve)


def test_a_metric_without_compute_is_the_last_row_of_its_curve() -> None:
    metric = totals([])
    assert metric(TRACE).tolist() == [9.0, 12.0]
    values, curve = metric.measured(TRACE)
    assert values.tolist() == [9.0, 12.0] and curve is not None
    assert curve.tolist() == [[1.0, 2.0], [4.0, 4.0], [9.0, 12.0]]
    assert values.base is None, "the values alone must not keep the whole curve in memory"


def test_values_and_stored_curves_need_the_curve_once() -> None:
    seen: list[Trace] = []
    measures = {"totals": totals(seen), "lanes": Metric("lanes", lambda trace: [1.0, 2.0], None, "", "Counts.")}
    values, curves = values_and_curves(TRACE, measures)
    assert (values["totals"].tolist(), values["lanes"].tolist()) == ([9.0, 12.0], [1.0, 2.0])
    stored = thinned_curves(TRACE, measures, curves)
    assert stored["curve:totals"].tolist() == [[1.0, 4.0, 9.0], [2.0, 4.0, 12.0]]
    assert seen == [TRACE]


def test_a_value_alone_that_has_a_shorter_way_computes_no_curve() -> None:
    seen: list[Trace] = []
    assert totals(seen, lambda trace: trace.rewards[0].sum(0))(TRACE).tolist() == [9.0, 12.0]
    assert seen == []


def test_a_metric_of_nothing_is_refused() -> None:
    with pytest.raises(PalaestraError, match="neither compute nor curve"):
        Metric("empty", None, "higher", "payoff", "Nothing.")


@pytest.mark.parametrize(("better", "sign"), [("higher", 1.0), ("lower", -1.0), (None, 1.0)])
def test_values_times_the_sign_are_greater_where_they_are_better(better: Any, sign: float) -> None:
    metric = totals([], better=better)
    assert metric.sign == Measure(metric.name, metric.better, metric.unit, metric.meaning).sign == sign
