"""Metrics: pure functions of a trace, one file, one line each. They never import agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.registry import Registry

if TYPE_CHECKING:
    from ..core.metric import Metric

metrics: Registry[Metric] = Registry("metric", __name__)

metrics.register("welfare", "welfare:welfare")
