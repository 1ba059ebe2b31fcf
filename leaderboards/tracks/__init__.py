"""Tracks: frozen benchmarks, one file, one line each. A track is data only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.registry import Registry

if TYPE_CHECKING:
    from .track import Track

tracks: Registry[Track] = Registry("track", __name__, expects=f"{__name__}.track:Track")

tracks.register("transfer-welfare-v0", ".transfer_welfare:TRACK")
tracks.register("mediated-welfare-v0", ".mediated_welfare:TRACK")
tracks.register("model-routing-v0", ".model_routing:TRACK")
tracks.register("ranking-bandit-v0", ".ranking_bandit:TRACK")
tracks.register("ranking-game-cce-v0", ".ranking_game_cce:TRACK")
tracks.register("repeated-adaptive-v0", ".repeated_adaptive:TRACK")
tracks.register("preference-aggregation-v0", ".preference_aggregation:TRACK")
tracks.register("social-learning-v0", ".social_learning:TRACK")
tracks.register("data-acquisition-v0", ".data_acquisition:TRACK")
