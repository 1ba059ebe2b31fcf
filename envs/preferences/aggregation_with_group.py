"""The rules of PreferenceAggregation-v0 in which the group that misreports is a player."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from gymnasium import spaces

from ...core.arrays import Array
from ...core.randomness import Draw
from ...theory.preferences.profile_source import ProfileSource
from .aggregation import Aggregation, AggregationState
from .round_settings import RoundSettings


class AggregationWithGroup(Aggregation):
    """The learner, and the seat `group_0`, which decides by what ranking its members answer in the second half.

    Args:
        source: Where profiles come from.
        setting: How answers come, who misreports, and what is paid.
    """

    single = False

    def __init__(self, source: ProfileSource, setting: RoundSettings) -> None:
        super().__init__(source, setting)
        self.facts = replace(
            self.facts,
            players=("player_0", "group_0"),
            private={**self.facts.private, "group": 1},
            partners={"player_0": "FStar", "group_0": "TruthfulGroup"},
        )
        weights = spaces.Box(0.0, 1.0, (source.options,), np.float64)
        sees = {"wins": self._wins_space, "group": spaces.Discrete(source.options), "policy": weights}
        self.observation_spaces = (*self.observation_spaces, spaces.Dict(sees))
        self.action_spaces = (*self.action_spaces, spaces.Box(0.0, 1.0, (source.options,), np.float64))

    def start(self, draw: Draw) -> AggregationState:
        """As for one learner; before any policy, the uniform one."""
        state = super().start(draw)
        return state._replace(policy=self.where.full(tuple(state.shares.shape), 1.0 / self.source.options))

    def observe(self, state: AggregationState, step: int | Array) -> tuple[Any, ...]:
        """What the learner sees, and what the group sees."""
        (learner,) = super().observe(state, step)
        return learner, {"wins": state.wins, "group": state.group, "policy": state.policy}

    def _with_report(self, state: AggregationState, actions: tuple[Any, ...], honest: bool) -> AggregationState:
        return state if honest else state._replace(reported=self._as_reported(state, actions[1]))

    def _after_publication(self, state: AggregationState, policy: Array) -> AggregationState:
        return state._replace(policy=policy)

    def _rewards(self, state: AggregationState, policy: Array) -> tuple[Array, ...]:
        own = self.xp.take_along_axis(policy, state.group[:, None], axis=1)[:, 0]
        return (*super()._rewards(state, policy), own)
