"""A bandit without its feedback: the utilities of all actions in every round, over lanes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from gymnasium import spaces

from ...core.arrays import Array, Backend
from ...core.randomness import Draw

P = TypeVar("P")


class UtilityProcess(ABC, Generic[P]):
    """Where utilities come from: a synthetic process, or a table of prompts and models.

    The process is oblivious: it does not see what is played. Its state is a NamedTuple of arrays (lanes, ...) or None.
    `wrappers.RankingFeedback` makes rules of it.

    Attributes:
        num_actions: A.
        utility_range: Least and greatest utility.
        context_space: What is seen before each round (a prompt's features), a Box, or None.
        stochastic: Whether it draws random numbers after the start.
    """

    num_actions: int
    utility_range: tuple[float, float]
    context_space: spaces.Box | None = None
    stochastic: bool = True
    where: Backend

    def place(self, where: Backend) -> None:
        """Move constants to a backend."""
        self.where = where

    def public(self, horizon: int) -> Mapping[str, Any]:
        """What all players are told before an episode of `horizon` rounds (the variation budget, say)."""
        return {}

    @abstractmethod
    def start(self, draw: Draw, horizon: int) -> P:
        """The state before round 0, for an episode of `horizon` rounds."""

    @abstractmethod
    def advance(self, state: P, step: int, draw: Draw) -> tuple[P, Array]:
        """The state after round `step`, and that round's utilities, float64 (lanes, A)."""

    def context(self, state: P, step: int) -> Array | None:
        """What is seen before round `step`: float64 (lanes, *context_space.shape), or None.

        It is also called with `step` = horizon, for the last observation of an episode.
        """
        return None

    def scoring(self, state: P, step: int) -> dict[str, Any]:
        """More arrays (lanes, ...) of round `step` for metrics only (costs, say); `state` is the one after it."""
        return {}
