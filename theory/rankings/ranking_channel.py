"""The feedback on the utilities of a round: a ranking of what the learner proposed, or the utilities themselves.

Source: section 3 of "Online Learning and Equilibrium Computation with Ranking Feedback" (arXiv 2603.19221, ICLR 2026).
A channel serves one learner: a bandit has one, a game one per player.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any, Literal, NamedTuple

import numpy as np
from gymnasium import spaces

from ...core.arrays import Array, Backend, ordered_sum, take_in_rows
from ...core.errors import PalaestraError
from ...core.randomness import Draw
from .plackett_luce import sample_rankings

MOST_PROPOSALS = 10_000

Feedback = Literal["instantaneous", "average", "numeric"]
Information = Literal["full", "bandit"]


class ChannelState(NamedTuple):
    """What a channel remembers, over lanes. Fields that a form of feedback does not need are None.

    Attributes:
        total: Sum of past utilities (full) or of the utilities of past proposals (bandit), (lanes, A).
        count: The number of times that each action was proposed, (lanes, A).
        ranking: The last ranking, action ids best first, (lanes, A or K); A before any.
        utilities: The last round's utilities, (lanes, A or K).
    """

    total: Array
    count: Array
    ranking: Array
    utilities: Array


class RankingChannel:
    """One learner's actions, rewards and feedback.

    Args:
        actions: A, the number of the learner's actions.
        utility_range: Least and greatest utility.
        feedback: What is ranked: "instantaneous" (this round's utilities: InstUtil Rank), "average" (their mean over
            the past; under bandit information each action's mean over the rounds that proposed it: AvgUtil Rank), or
            "numeric" (no ranking: the utilities themselves).
        information: "full": an action is a strategy and all actions are ranked. "bandit": an action is K proposals,
            with replacement, and those are ranked.
        proposals: K, under bandit information.
        temperature: tau of the Plackett-Luce ranking, in units of utility. 0 sorts, with ties to the smaller index.
        stream: Name of its random numbers.

    Raises:
        PalaestraError: A value that is not allowed; it is named.
    """

    def __init__(
        self,
        actions: int,
        utility_range: tuple[float, float],
        feedback: Feedback,
        information: Information,
        proposals: int,
        temperature: float,
        stream: str = "ranking",
    ) -> None:
        check_one_of("feedback", feedback, ("instantaneous", "average", "numeric"))
        check_one_of("information", information, ("full", "bandit"))
        check_count("proposals", proposals, 1 if feedback == "numeric" else 2)
        if proposals > MOST_PROPOSALS:
            raise PalaestraError(f"proposals={proposals} is not allowed: at most {MOST_PROPOSALS} a round are.")
        if not isinstance(temperature, (int, float)) or not 0 <= temperature < float("inf"):
            raise PalaestraError(f"temperature={temperature!r} is not allowed: give a finite number from 0.")
        if not all(map(isfinite, utility_range)):
            raise PalaestraError(
                f"Utilities from {utility_range[0]} to {utility_range[1]} are not allowed: learners need bounds. "
                "Cut them, and declare their finite range."
            )
        self.actions, self.utility_range, self.stream = actions, utility_range, stream
        self.feedback, self.information, self.temperature = feedback, information, float(temperature)
        self.numeric, self.bandit, self.average = feedback == "numeric", information == "bandit", feedback == "average"
        self.proposals = proposals if self.bandit else actions

    @property
    def action_space(self) -> spaces.Space[Any]:
        """Proposals, or a strategy."""
        if self.bandit:
            return spaces.MultiDiscrete([self.actions] * self.proposals)
        return spaces.Box(0.0, 1.0, (self.actions,), np.float64)

    @property
    def observed(self) -> dict[str, spaces.Space[Any]]:
        """The space of the last feedback, by its key."""
        if self.numeric:
            return {"utilities": spaces.Box(*self.utility_range, (self.proposals,), np.float64)}
        return {"ranking": spaces.MultiDiscrete([self.actions + 1] * self.proposals)}

    @property
    def public(self) -> Mapping[str, Any]:
        """What the learner is told of the channel before play."""
        return {
            "action": "proposals" if self.bandit else "strategy",
            "num_actions": self.actions,
            "proposals": self.proposals,
            "temperature": self.temperature,
            "feedback": self.feedback,
            "information": self.information,
            "utility_range": self.utility_range,
        }

    @property
    def stochastic(self) -> bool:
        """Whether it draws random numbers."""
        return not self.numeric and self.temperature > 0

    def place(self, where: Backend) -> None:
        """Work on a backend."""
        self.where = where
        self._ids = where.arange(self.actions)

    def start(self, lanes: int) -> ChannelState:
        """The state before anything was ranked."""
        low, high = self.utility_range
        return ChannelState(
            self.where.zeros((lanes, self.actions)) if self.average else None,
            self.where.zeros((lanes, self.actions)) if self.average and self.bandit else None,
            None if self.numeric else self.where.full((lanes, self.proposals), self.actions, "int64"),
            self.where.full((lanes, self.proposals), min(max(0.0, low), high)) if self.numeric else None,
        )

    def observe(self, state: ChannelState) -> dict[str, Array]:
        """The last ranking, or the last utilities."""
        return {"utilities": state.utilities} if self.numeric else {"ranking": state.ranking}

    def strategy(self, action: Array) -> Array:
        """An action as probabilities (lanes, A): the frequencies of proposals, or weights divided by their sum."""
        if self.bandit:
            return self._times(action) / self.proposals
        total = ordered_sum(action)[:, None]
        some = total > 0
        return self.where.xp.where(some, action / self.where.xp.where(some, total, 1.0), 1.0 / self.actions)

    def reward(self, action: Array, utility: Array, strategy: Array | None = None) -> Array:
        """The mean utility of the proposals or of the strategy (if already known): (lanes,)."""
        if self.bandit:
            return ordered_sum(take_in_rows(utility, action, self.where)) / self.proposals
        return ordered_sum(utility * (self.strategy(action) if strategy is None else strategy))

    def _times(self, action: Array) -> Array:
        """How often each action was proposed: float64 (lanes, A)."""
        return ordered_sum(self.where.xp.astype(action[:, :, None] == self._ids, self.where.xp.float64), 1)

    def update(self, state: ChannelState, action: Array, utility: Array, step: int, draw: Draw) -> ChannelState:
        """The feedback on a round.

        Args:
            state: Before the round.
            action: Strategies (lanes, A) or proposals (lanes, K).
            utility: Of every action in this round, (lanes, A).
            step: The round's number, from 0.
            draw: Random numbers of the round.
        """
        if self.numeric:
            told = take_in_rows(utility, action, self.where) if self.bandit else utility
            return state._replace(utilities=told)
        if not self.average:
            ranked = utility
        elif not self.bandit:
            state = state._replace(total=state.total + utility)
            ranked = state.total / (step + 1)
        else:
            times = self._times(action)
            state = state._replace(total=state.total + times * utility, count=state.count + times)
            ranked = state.total / self.where.xp.where(state.count > 0, state.count, 1.0)
        items = self.where.xp.sort(action, axis=-1) if self.bandit else None
        return state._replace(ranking=sample_rankings(ranked, self.temperature, draw, items, self.stream))


def check_one_of(name: str, value: Any, allowed: tuple[Any, ...]) -> None:
    """Refuse an option that is not one of the allowed values."""
    if value not in allowed:
        raise PalaestraError(f"{name}={value!r} is not allowed. Allowed: {', '.join(map(repr, allowed))}.")


def check_count(name: str, value: Any, least: int) -> None:
    """Refuse an option that is not an integer of at least `least`."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise PalaestraError(f"{name}={value!r} is not allowed: give an integer from {least}.")
