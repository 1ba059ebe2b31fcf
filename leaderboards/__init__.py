"""Benchmarks: frozen tracks, one file each, and beside them what is done with tracks.

`sweeps` runs agents on them, `statistics` says what their scores mean, `plots` and `command_line` show it. `submission`
makes and verifies what is submitted, `board` accepts and ranks it, `site` and `server` publish it, `audit` plays agents
without a method, `tournament` plays everybody against everybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.registry import Registry

if TYPE_CHECKING:
    from .track import Track

tracks: Registry[Track] = Registry("track", __name__)

tracks.register("transfer-welfare-v0", "transfer_welfare:TRACK")
tracks.register("mediated-welfare-v0", "mediated_welfare:TRACK")
tracks.register("model-routing-v0", "model_routing:TRACK")
tracks.register("ranking-bandit-v0", "ranking_bandit:TRACK")
tracks.register("ranking-game-cce-v0", "ranking_game_cce:TRACK")
tracks.register("repeated-adaptive-v0", "repeated_adaptive:TRACK")
tracks.register("preference-aggregation-v0", "preference_aggregation:TRACK")
tracks.register("social-learning-v0", "social_learning:TRACK")
tracks.register("data-acquisition-v0", "data_acquisition:TRACK")
