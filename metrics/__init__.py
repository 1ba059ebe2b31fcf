"""Metrics: pure functions of a trace, one file, one line each. They never import agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.registry import Registry

if TYPE_CHECKING:
    from ..core.metric import Metric

metrics: Registry[Metric] = Registry("metric", __name__)

metrics.register("coarse_correlated_gap", "coarse_correlated_gap:coarse_correlated_gap")
metrics.register("external_regret", "external_regret:external_regret")
metrics.register("rp_regret", "rp_regret:rp_regret")
metrics.register("welfare", "welfare:welfare")
metrics.register("welfare_ratio", "welfare_ratio:welfare_ratio")
metrics.register("base_deviation_gain", "base_deviation_gain:base_deviation_gain")
metrics.register("agent_normal_form_gain", "agent_normal_form_gain:agent_normal_form_gain")
metrics.register("augmented_gain", "augmented_gain:augmented_gain")
metrics.register("budget_balance", "budget_balance:budget_balance")
metrics.register("acceptance", "acceptance:acceptance")
metrics.register("rejection_gain", "rejection_gain:rejection_gain")
metrics.register("cost_quality", "cost_quality:cost_quality")
metrics.register("mean_cost", "mean_cost:mean_cost")
metrics.register("mean_quality", "mean_quality:mean_quality")
