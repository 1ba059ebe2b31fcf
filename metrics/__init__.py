"""Metrics: pure functions of a trace, one file, one line each. They never import agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.registry import Registry

if TYPE_CHECKING:
    from ..core.metric import Metric

metrics: Registry[Metric] = Registry("metric", __name__)

metrics.register("block_rp_regret", ".block_rp_regret:block_rp_regret")
metrics.register("coarse_correlated_gap", ".coarse_correlated_gap:coarse_correlated_gap")
metrics.register("cooperation_rate", ".cooperation_rate:cooperation_rate")
metrics.register("dynamic_rp_regret", ".dynamic_rp_regret:dynamic_rp_regret")
metrics.register("external_regret", ".external_regret:external_regret")
metrics.register("lrp_regret", ".lrp_regret:lrp_regret")
metrics.register("mean_payoff", ".mean_payoff:mean_payoff")
metrics.register("one_shot_deviation", ".one_shot_deviation:one_shot_deviation")
metrics.register("policy_regret", ".policy_regret:policy_regret")
metrics.register("rp_regret", ".rp_regret:rp_regret")
metrics.register("rp_regret_at_least", ".rp_regret_at_least:rp_regret_at_least")
metrics.register("switching_rp_regret", ".switching_rp_regret:switching_rp_regret")
metrics.register("welfare", ".welfare:welfare")
metrics.register("welfare_ratio", ".welfare_ratio:welfare_ratio")
metrics.register("base_deviation_gain", ".base_deviation_gain:base_deviation_gain")
metrics.register("agent_normal_form_gain", ".agent_normal_form_gain:agent_normal_form_gain")
metrics.register("augmented_gain", ".augmented_gain:augmented_gain")
metrics.register("budget_balance", ".budget_balance:budget_balance")
metrics.register("acceptance", ".acceptance:acceptance")
metrics.register("rejection_gain", ".rejection_gain:rejection_gain")
metrics.register("cost_quality", ".cost_quality:cost_quality")
metrics.register("mean_cost", ".mean_cost:mean_cost")
metrics.register("mean_quality", ".mean_quality:mean_quality")
metrics.register("proportionality_level", ".proportionality_level:proportionality_level")
metrics.register("win_rate", ".win_rate:win_rate")
metrics.register("condorcet_probability", ".condorcet_probability:condorcet_probability")
metrics.register("manipulation_gain", ".manipulation_gain:manipulation_gain")
metrics.register("learning_gap", ".learning_gap:learning_gap")
metrics.register("learning_gap_without_ai", ".learning_gap_without_ai:learning_gap_without_ai")
metrics.register("learning_gain", ".learning_gain:learning_gain")
metrics.register("worst_topic_gain", ".worst_topic_gain:worst_topic_gain")
metrics.register("belief_error", ".belief_error:belief_error")
metrics.register("robust_interval", ".robust_interval:robust_interval")
metrics.register("robust_margin", ".robust_margin:robust_margin")
metrics.register("speed_threshold", ".speed_threshold:speed_threshold")
metrics.register("acquisition_cost", ".acquisition_cost:acquisition_cost")
metrics.register("decision_regret", ".decision_regret:decision_regret")
metrics.register("sufficiency", ".sufficiency:sufficiency")
metrics.register("total_loss", ".total_loss:total_loss")
