"""Learning curves small enough to store: the metrics' values after about a hundred steps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...core.arrays import Array
from ...core.metric import Metric
from ...core.traces.trace import Trace

POINTS = 100
"""Points of a stored curve."""


def thinned_curves(trace: Trace, measures: Mapping[str, Metric], whole: Mapping[str, Array]) -> dict[str, Array]:
    """The metrics' time curves and their bounds (lanes, points), thinned to evenly spaced steps, the last too.

    Args:
        trace: What was measured.
        measures: The metrics by name.
        whole: Metric -> its curve (steps, lanes), of those that have one (`Metric.measured`).

    Returns:
        "curve:step", "curve:METRIC", "bound:METRIC"; nothing where no metric has a curve.
    """
    kept = np.unique(np.linspace(0, trace.steps - 1, min(trace.steps, POINTS)).round().astype(int))
    curves: dict[str, Array] = {"curve:step": np.tile(kept + 1, (trace.lanes, 1))}
    for name, measure in measures.items():
        if name in whole:
            curves[f"curve:{name}"] = whole[name][kept].T
        if measure.bound is not None:
            bound = np.asarray(measure.bound(trace), np.float64)
            wide = bound if bound.ndim == 2 else bound[:, None]
            curves[f"bound:{name}"] = np.broadcast_to(wide, (trace.steps, trace.lanes))[kept].T
    return curves if len(curves) > 1 else {}
