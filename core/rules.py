"""The rules of a game, written once as pure array functions over independent lanes.

Every face (Gymnasium, PettingZoo, the raw batch) and every check is made from a `Rules` object; none has rules of its
own. A state is a NamedTuple of arrays whose leading axis counts lanes (or None); functions return new states and never
write into old ones.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, NamedTuple, TypeAlias, TypeVar

from gymnasium import spaces

from .arrays import Array, Backend, backend
from .randomness import Draw

S = TypeVar("S")
Observation: TypeAlias = Any
Action: TypeAlias = Any


@dataclass(frozen=True)
class Facts:
    """What an environment declares of itself; the public contract tests every line of it.

    Attributes:
        players: Seat names, `player_0`, `player_1`, ...
        horizon: Steps of an episode (exact where `lockstep`, else the most).
        payoff_range: Least and greatest reward of one player in one step.
        information: "public": every seat sees the same; "private": some state is hidden from some seat.
        zero_sum: Rewards add up to zero in every step.
        stochastic: The rules draw random numbers after the start.
        optimum: "exact", "bound" or "none": what truth the environment carries.
        truth: One sentence that says what the optimum or bound is and where it comes from.
        metrics: Names of the metrics `palaestra.evaluate` computes; the first is the headline.
        private: State field -> who may see it: a seat's index, "own" (axis 1 counts players, each sees its own row)
            or "nobody" (kept for scoring).
        partners: Seat -> registered agent that sits there when nobody else is named.
        lockstep: Every lane ends at the horizon and never before.
        reward_observed: False: the reward is for scoring only and the arena withholds it from the learner.
        exact_replay: Replaying gives equal bits on any machine; False needs `replay_note`.
        replay_note: Why an exact replay cannot be promised.
    """

    players: tuple[str, ...]
    horizon: int
    payoff_range: tuple[float, float]
    information: Literal["public", "private"]
    zero_sum: bool
    stochastic: bool
    optimum: Literal["exact", "bound", "none"]
    truth: str
    metrics: tuple[str, ...]
    private: Mapping[str, int | Literal["own", "nobody"]] = field(default_factory=dict)
    partners: Mapping[str, str] = field(default_factory=dict)
    lockstep: bool = True
    reward_observed: bool = True
    exact_replay: bool = True
    replay_note: str = ""


class Outcome(NamedTuple):
    """What a step brings beside the next state.

    Attributes:
        rewards: One float64 array (lanes,) a player.
        scoring: Arrays (lanes, ...) that only scorers may see (for example the hidden utility vector).
        ended: Boolean array (lanes,), or None where lanes end at the horizon alone.
    """

    rewards: tuple[Array, ...]
    scoring: Mapping[str, Array] = {}
    ended: Array | None = None


class Rules(ABC, Generic[S]):
    """One game over many lanes.

    Subclasses set `facts`, `observation_spaces` and `action_spaces` (one a player, fixed for life) in `__init__`, and
    write `start`, `observe` and `step` with `self.xp`, the array namespace of the backend they were placed on. A step
    is an integer where `facts.lockstep`, else an int64 array (lanes,).
    """

    facts: Facts
    observation_spaces: tuple[spaces.Space[Any], ...]
    action_spaces: tuple[spaces.Space[Any], ...]
    single: bool = False
    """One learner alone: the Gymnasium faces apply instead of the PettingZoo ones."""

    watched: bool = True
    """False while recorded actions are replayed and nobody observes: rules may leave out what only players would see
    (a ranking drawn for them). Rewards, scoring and ends must not depend on it."""

    where: Backend

    def place(self, where: Backend) -> None:
        """Move constants to a backend. Override to bring tables along, and call `super().place(where)`."""
        self.where = where

    @property
    def xp(self) -> Any:
        """The namespace of the backend; derived, because a module cannot be pickled."""
        return self.where.xp

    def placed(self, name: str = "numpy", device: str = "cpu") -> Rules[S]:
        """These rules on the backend called `name`; returns self."""
        self.place(backend(name, device))
        return self

    @property
    def public(self) -> Mapping[str, Any]:
        """What is common knowledge before play (the base game, the ranking's temperature, ...), told to every agent."""
        return {}

    def public_of(self, player: int) -> Mapping[str, Any]:
        """What the agent in one seat is told before play, where that differs from seat to seat."""
        return self.public

    @abstractmethod
    def start(self, draw: Draw) -> S:
        """The first state of an episode, of `draw.lanes` lanes."""

    @abstractmethod
    def observe(self, state: S, step: int | Array) -> tuple[Observation, ...]:
        """What each player sees before acting in `step`: arrays, or dicts of arrays, (lanes, ...)."""

    @abstractmethod
    def step(self, state: S, actions: tuple[Action, ...], step: int | Array, draw: Draw) -> tuple[S, Outcome]:
        """One step: the next state, and what it brought."""

    def instance(self, state: S) -> Any:
        """What a metric needs beside the trace (the lanes' base games, say), from the first state. None if nothing."""
        return None


def choose(mask: Array, new: S, old: S, xp: Any) -> S:
    """The state that is `new` in the lanes of `mask` and `old` elsewhere."""
    fields = []
    for a, b in zip(new, old, strict=True):  # type: ignore[call-overload]
        fields.append(None if a is None else xp.where(mask.reshape((-1,) + (1,) * (a.ndim - 1)), a, b))
    return type(new)(*fields)
