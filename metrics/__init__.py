"""Metrics: pure functions of a trace. One registration line each; variants of one idea share a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.metric_member import MetricMember
from ..core.registry import Registry

if TYPE_CHECKING:
    from ..core.metric import Metric

metrics: Registry[Metric] = Registry("metric", __name__, MetricMember)

# every family
metrics.register("mean_payoff", ".mean_payoff:mean_payoff")
metrics.register("welfare", ".welfare:welfare")
metrics.register("welfare_ratio", ".welfare_ratio:welfare_ratio")

# transfers
metrics.register("base_deviation_gain", ".transfers.deviation_gain:deviation_gain", game="base")
metrics.register("agent_normal_form_gain", ".transfers.deviation_gain:deviation_gain", game="agent_normal_form")
metrics.register("augmented_gain", ".transfers.deviation_gain:deviation_gain", game="augmented")
metrics.register("budget_balance", ".transfers.budget_balance:budget_balance")

# mediation
metrics.register("acceptance", ".mediation.acceptance:acceptance")
metrics.register("rejection_gain", ".mediation.rejection_gain:rejection_gain")

# repeated
metrics.register("rp_regret", ".repeated.rp_regret:rp_regret")
metrics.register("rp_regret_at_least", ".repeated.rp_regret:rp_regret", comparator="found")
metrics.register("block_rp_regret", ".repeated.rp_regret:rp_regret", comparator="blocks")
metrics.register("switching_rp_regret", ".repeated.rp_regret:rp_regret", comparator="switches")
metrics.register("dynamic_rp_regret", ".repeated.rp_regret:rp_regret", comparator="dynamic")
metrics.register("lrp_regret", ".repeated.lrp_regret:lrp_regret")
metrics.register("policy_regret", ".repeated.policy_regret:policy_regret")
metrics.register("one_shot_deviation", ".repeated.one_shot_deviation:one_shot_deviation")
metrics.register("cooperation_rate", ".repeated.cooperation_rate:cooperation_rate")

# rankings
metrics.register("coarse_correlated_gap", ".rankings.coarse_correlated_gap:coarse_correlated_gap")
metrics.register("external_regret", ".rankings.external_regret:external_regret")

# routing
metrics.register("cost_quality", ".routing.cost_quality:cost_quality")
metrics.register("mean_cost", ".routing.mean_quality:mean_over_choices", of="cost")
metrics.register("mean_quality", ".routing.mean_quality:mean_over_choices", of="quality")

# social
metrics.register("learning_gap", ".social.learning_gap:learning_gap")
metrics.register("learning_gap_without_ai", ".social.learning_gap:learning_gap", of="network")
metrics.register("belief_error", ".social.learning_gap:learning_gap", of="beliefs")
metrics.register("learning_gain", ".social.learning_gap:learning_gain")
metrics.register("worst_topic_gain", ".social.learning_gap:learning_gain", topics="worst")
metrics.register("robust_interval", ".social.robust_interval:robust_interval")
metrics.register("robust_margin", ".social.robust_interval:robust_margin")
metrics.register("speed_threshold", ".social.robust_interval:speed_threshold")

# preferences
metrics.register("proportionality_level", ".preferences.proportionality_level:proportionality_level")
metrics.register("win_rate", ".preferences.win_rate:win_rate")
metrics.register("condorcet_probability", ".preferences.condorcet_probability:condorcet_probability")
metrics.register("manipulation_gain", ".preferences.manipulation_gain:manipulation_gain")

# acquisition
metrics.register("decision_regret", ".acquisition.decision_loss:decision_loss", of="decision")
metrics.register("acquisition_cost", ".acquisition.decision_loss:decision_loss", of="data")
metrics.register("total_loss", ".acquisition.decision_loss:decision_loss")
metrics.register("sufficiency", ".acquisition.sufficiency:sufficiency")
