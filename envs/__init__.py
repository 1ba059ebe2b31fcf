"""Environments: one file and one registration line per member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core.integration import register_later
from ..core.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..core.rules import Rules

environments: Registry[Callable[..., Rules[Any]]] = Registry("environment", __name__, announce=register_later)

environments.register("RankingBandit-v0", ".ranking_bandit:ranking_bandit", "single")
environments.register("RankingGame-v0", ".ranking_game:ranking_game", "parallel")
environments.register("RepeatedGame-v0", ".repeated_game:repeated_game", "parallel")
environments.register("TransferGame-v0", ".transfer_game:transfer_game", "parallel")
environments.register("MediatedGame-v0", ".mediated_game:mediated_game", "parallel")
environments.register("ModelRouting-v0", ".model_routing:model_routing", "single")
environments.register("DataAcquisition-v0", ".data_acquisition:data_acquisition", "single")
environments.register("PreferenceAggregation-v0", ".preference_aggregation:preference_aggregation", "single")
environments.register("SocialLearning-v0", ".social_learning:social_learning", "single")
