"""What the clauses of an environment check: a maker of its rules, and one play of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..rules import Rules
from .episode import Actions, Episode, play, random_actions
from .generators import global_generators


@dataclass
class Case:
    """An environment under test.

    Attributes:
        make: Makes fresh rules.
        seeds: Of the lanes that are played.
        steps: Of a play: two whole episodes.
        device: The torch device that numpy is compared with.
    """

    make: Callable[[], Rules[Any]]
    seeds: tuple[int, ...]
    device: str = "cpu"

    @cached_property
    def rules(self) -> Rules[Any]:
        """Rules to look at, placed on numpy."""
        return self.make().placed()

    @property
    def steps(self) -> int:
        """Two episodes."""
        return 2 * self.rules.facts.horizon

    @cached_property
    def first(self) -> Episode:
        """The play that others are compared with."""
        return self.play()

    def play(
        self,
        seeds: Sequence[int] | None = None,
        actions: Actions | None = None,
        generators: int | None = 0,
        where: tuple[str, str] = ("numpy", "cpu"),
    ) -> Episode:
        """A play of fresh rules; the global generators are seeded with `generators` first, if it is not None."""
        chosen, rules = actions or self.actions(seeds), self.make()
        with nullcontext() if generators is None else global_generators(generators):
            return play(rules, seeds or self.seeds, self.steps, actions=chosen, where=where)

    def actions(self, seeds: Sequence[int] | None = None) -> Actions:
        """Random legal actions for lanes with these seeds."""
        return random_actions(self.rules, seeds or self.seeds)
