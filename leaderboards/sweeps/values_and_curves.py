"""Every metric of a trace, each computed once."""

from __future__ import annotations

from collections.abc import Mapping

from ...core.arrays import Array
from ...core.metric import Metric
from ...core.traces.trace import Trace


def values_and_curves(trace: Trace, measures: Mapping[str, Metric]) -> tuple[dict[str, Array], dict[str, Array]]:
    """Metric -> one value a lane, and metric -> its curve (steps, lanes), of those that have one."""
    values, curves = {}, {}
    for name, measure in measures.items():
        values[name], curve = measure.measured(trace)
        if curve is not None:
            curves[name] = curve
    return values, curves
