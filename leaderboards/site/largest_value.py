"""The largest value that a regret can have on a scenario, where it follows from the rewards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OF_REWARDS = ("external_regret", "rp_regret")
"""Metrics that are a mean over rounds of one reward minus another."""


def largest_value(env_id: str, options: Mapping[str, Any], metric: str) -> float | None:
    """The span of the rewards of a step, for a mean difference of two rewards; None where nothing is known.

    Args:
        env_id: The environment.
        options: Its options in the scenario.
        metric: Registered name.
    """
    if metric not in OF_REWARDS:
        return None
    from ...envs import environments

    low, high = environments[env_id].make(**options).facts.payoff_range
    return float(high - low)
