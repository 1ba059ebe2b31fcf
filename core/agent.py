"""The agent protocol: `reset`, `act` and `learn`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from gymnasium import spaces

from .arrays import Array
from .rules import Action, Observation


@dataclass(frozen=True)
class Task:
    """What an agent is told before play.

    Attributes:
        env_id: The environment's id.
        player: The seat this agent takes, 0 to players - 1.
        players: How many seats there are.
        observation_space: Of one lane.
        action_space: Of one lane.
        horizon: Steps per episode.
        public: Common knowledge: the base game's form, the ranking's temperature, ...
    """

    env_id: str
    player: int
    players: int
    observation_space: spaces.Space[Any]
    action_space: spaces.Space[Any]
    horizon: int
    public: Mapping[str, Any] = field(default_factory=dict)


class Transition(NamedTuple):
    """What an agent may learn from a step; arrays lead with lanes (a one-lane agent gets its lane alone).

    Attributes:
        observation: What it saw.
        action: What it did.
        reward: What it earned, float64 (lanes,), or None where the environment keeps rewards for scoring.
        next_observation: What it sees now.
        terminated: Whether the game is over, boolean (lanes,).
        step: Which step this was, from 0.
    """

    observation: Observation
    action: Action
    reward: Array | None
    next_observation: Observation
    terminated: Array
    step: int


@dataclass(frozen=True)
class Traits:
    """What an agent declares about itself; the attributes are explained at `Agent`."""

    batched: bool = True
    stochastic: bool = False
    learns: bool = True
    privileges: Mapping[str, Any] = field(default_factory=dict)
    needs: Mapping[str, Any] = field(default_factory=dict)
    plays: tuple[str, ...] = ()
    seats: str = "player"

    @staticmethod
    def of(agent: Any) -> Traits:
        """The traits of an agent, also of one that plays many lanes by copies; what it does not declare is default."""
        own, plain = getattr(agent, "prototype", agent), Traits()
        return Traits(
            bool(getattr(own, "batched", plain.batched)),
            bool(getattr(own, "stochastic", plain.stochastic)),
            bool(getattr(own, "learns", plain.learns)),
            dict(getattr(own, "privileges", plain.privileges)),
            dict(getattr(own, "needs", plain.needs)),
            tuple(getattr(own, "plays", plain.plays)),
            str(getattr(own, "seats", plain.seats)),
        )

    @property
    def options(self) -> dict[str, Any]:
        """The environment options that the agent plays with where nobody chose any: its needs and its privileges."""
        return {**self.needs, **self.privileges}


class Agent:
    """A player of games. Subclass it, or write any class with these three methods.

    A batched agent gets arrays with a leading lane axis and plays every lane at once, each lane on its own: lane i
    must act as if it were alone. A one-lane agent (`batched = False`) is copied once a lane by the arena.

    Class attributes are declared traits that the public contract tests:
        batched: Written for many lanes.
        stochastic: Draws random numbers of its own (from the seeds given at reset).
        learns: Its play depends on what it learned.
        privileges: Environment options it needs beyond what everybody gets, such as numeric feedback; an agent with
            privileges is an oracle, and tables say so.
        needs: Environment options it cannot play without where the user names none; they give it no advantage.
        plays: Ids of the environments it is written for; empty: any whose spaces fit.
        seats: Prefix of the seats it takes ("player", "mediator").
    """

    batched: ClassVar[bool] = True
    stochastic: ClassVar[bool] = False
    learns: ClassVar[bool] = True
    privileges: ClassVar[Mapping[str, Any]] = {}
    needs: ClassVar[Mapping[str, Any]] = {}
    plays: ClassVar[tuple[str, ...]] = ()
    seats: ClassVar[str] = "player"

    def reset(self, task: Task, lanes: int, seed: Any) -> None:
        """Forget everything and prepare for a new episode.

        Args:
            task: What is to be played.
            lanes: How many lanes (1 for a one-lane agent).
            seed: One integer a lane, a tuple (an integer for a one-lane agent).
        """
        raise NotImplementedError

    def act(self, observation: Observation) -> Action:
        """The actions for what is seen, one a lane."""
        raise NotImplementedError

    def learn(self, transition: Transition) -> None:
        """Learn from a step; by default nothing."""
