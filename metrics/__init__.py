"""Metrics: pure functions of a trace, one file, one line each. They never import agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.registry import Registry

if TYPE_CHECKING:
    from ..core.metric import Metric

metrics: Registry[Metric] = Registry("metric", __name__, expects="palaestra.core.metric:Metric")

# every family
metrics.register("mean_payoff", ".mean_payoff:mean_payoff")
metrics.register("welfare", ".welfare:welfare")
metrics.register("welfare_ratio", ".welfare_ratio:welfare_ratio")

# transfers
metrics.register("base_deviation_gain", ".transfers.base_deviation_gain:base_deviation_gain")
metrics.register("agent_normal_form_gain", ".transfers.agent_normal_form_gain:agent_normal_form_gain")
metrics.register("augmented_gain", ".transfers.augmented_gain:augmented_gain")
metrics.register("budget_balance", ".transfers.budget_balance:budget_balance")

# mediation
metrics.register("acceptance", ".mediation.acceptance:acceptance")
metrics.register("rejection_gain", ".mediation.rejection_gain:rejection_gain")

# repeated
metrics.register("block_rp_regret", ".repeated.block_rp_regret:block_rp_regret")
metrics.register("cooperation_rate", ".repeated.cooperation_rate:cooperation_rate")
metrics.register("dynamic_rp_regret", ".repeated.dynamic_rp_regret:dynamic_rp_regret")
metrics.register("lrp_regret", ".repeated.lrp_regret:lrp_regret")
metrics.register("one_shot_deviation", ".repeated.one_shot_deviation:one_shot_deviation")
metrics.register("policy_regret", ".repeated.policy_regret:policy_regret")
metrics.register("rp_regret", ".repeated.rp_regret:rp_regret")
metrics.register("rp_regret_at_least", ".repeated.rp_regret_at_least:rp_regret_at_least")
metrics.register("switching_rp_regret", ".repeated.switching_rp_regret:switching_rp_regret")

# rankings
metrics.register("coarse_correlated_gap", ".rankings.coarse_correlated_gap:coarse_correlated_gap")
metrics.register("external_regret", ".rankings.external_regret:external_regret")

# routing
metrics.register("cost_quality", ".routing.cost_quality:cost_quality")
metrics.register("mean_cost", ".routing.mean_cost:mean_cost")
metrics.register("mean_quality", ".routing.mean_quality:mean_quality")

# social
metrics.register("learning_gap", ".social.learning_gap:learning_gap")
metrics.register("learning_gap_without_ai", ".social.learning_gap_without_ai:learning_gap_without_ai")
metrics.register("learning_gain", ".social.learning_gain:learning_gain")
metrics.register("worst_topic_gain", ".social.worst_topic_gain:worst_topic_gain")
metrics.register("belief_error", ".social.belief_error:belief_error")
metrics.register("robust_interval", ".social.robust_interval:robust_interval")
metrics.register("robust_margin", ".social.robust_margin:robust_margin")
metrics.register("speed_threshold", ".social.speed_threshold:speed_threshold")

# preferences
metrics.register("proportionality_level", ".preferences.proportionality_level:proportionality_level")
metrics.register("win_rate", ".preferences.win_rate:win_rate")
metrics.register("condorcet_probability", ".preferences.condorcet_probability:condorcet_probability")
metrics.register("manipulation_gain", ".preferences.manipulation_gain:manipulation_gain")

# acquisition
metrics.register("acquisition_cost", ".acquisition.acquisition_cost:acquisition_cost")
metrics.register("decision_regret", ".acquisition.decision_regret:decision_regret")
metrics.register("sufficiency", ".acquisition.sufficiency:sufficiency")
metrics.register("total_loss", ".acquisition.total_loss:total_loss")
