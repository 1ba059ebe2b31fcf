"""A batch in which agents sit in some seats, so that only the others are left to play."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..agent import Agent, Transition
from ..arena import rounded, task_of
from ..arrays import to_numpy
from ..batch import Batch, Step
from ..errors import PalaestraError
from ..randomness import derive_seeds
from ..rules import Facts, Observation, Rules
from ..spaces import cast


class FreeSeats:
    """What the faces read of a game's rules, for the seats that are left.

    Args:
        rules: The game.
        seats: The indices of the seats that are left.
    """

    def __init__(self, rules: Rules[Any], seats: tuple[int, ...]) -> None:
        self.facts: Facts = replace(rules.facts, players=tuple(rules.facts.players[i] for i in seats))
        self.observation_spaces = tuple(rules.observation_spaces[i] for i in seats)
        self.action_spaces = tuple(rules.action_spaces[i] for i in seats)
        self.single = len(seats) == 1


class SeatedBatch(Batch[Any]):
    """Lanes in which agents take seats as in the arena: an episode from a seed goes as `palaestra.run` plays it.

    Observations, rewards and actions are those of the seats that are left, in their order.

    Args:
        rules: The game; where there are partners, all its lanes end together.
        num_lanes: How many copies.
        partners: Seat's name -> agent that sits there, for all lanes.
        env_id: What the agents are told.
        backend_name: "numpy" or "torch".
        device: "cpu", or "cuda" under torch.
        autoreset: Start a lane's next episode in the very step that ends one.
        action_bits: Float actions are rounded to multiples of 2^-action_bits before they are played; 0: not.

    Raises:
        PalaestraError: Partners in a game whose lanes end at different times.
    """

    def __init__(
        self,
        rules: Rules[Any],
        num_lanes: int,
        partners: Mapping[str, Agent],
        env_id: str = "",
        backend_name: str = "numpy",
        device: str = "cpu",
        *,
        autoreset: bool = True,
        action_bits: int = 0,
    ) -> None:
        lockstep = rules.facts.lockstep
        if partners and not lockstep:
            raise PalaestraError("Agents can take seats only in games whose lanes end together.")
        super().__init__(rules, num_lanes, backend_name, device, autoreset=autoreset and not lockstep)
        players = rules.facts.players
        self.partners = {players.index(seat): agent for seat, agent in partners.items()}
        self.seats = tuple(i for i in range(len(players)) if i not in self.partners)
        self.free = FreeSeats(rules, self.seats)
        self._starts_again = autoreset and lockstep
        self._env_id, self._bits, self._round = env_id, action_bits, 0

    def reset(self, seed: int | Iterable[int] | None = None) -> tuple[Observation, ...]:
        """Start an episode in every lane, see `Batch.reset`; the agents forget the one before."""
        observations = super().reset(seed)
        for i, agent in self.partners.items():
            episode = int(self._episode)
            stream = f"agent/player_{i}" + (f"/episode_{episode}" if episode else "")
            agent.reset(task_of(self.rules, self._env_id, i), self.num_lanes, derive_seeds(self.seeds, stream))
        self._round, self._seen = 0, self._shown(observations)
        return tuple(observations[i] for i in self.seats)

    def _shown(self, observations: tuple[Observation, ...]) -> dict[int, Observation]:
        return {i: cast(observations[i], self.rules.observation_spaces[i]) for i in self.partners}

    def step(self, actions: tuple[Any, ...] | list[Any]) -> Step:
        """Play one step; actions of the seats that are left, one batch each.

        Raises:
            PalaestraError: Before the first reset, after the end without autoreset, or not one action per seat.
            IllegalAction: An action outside its space; nothing was stepped.
        """
        if len(actions) != len(self.seats):
            raise PalaestraError(f"{len(actions)} actions were given for the players {self.free.facts.players}.")
        if not self.started:
            raise PalaestraError("No episode is running: call reset first.")
        checks = [self._checks[i] for i in self.seats] if self._checks else []
        given = [check(action, self.num_lanes) for check, action in zip(checks, actions, strict=True)]
        own = {i: rounded(agent.act(self._seen[i]), self._bits) for i, agent in self.partners.items()}
        played = own | {i: rounded(action, self._bits) for i, action in zip(self.seats, given, strict=True)}
        result = super().step([played[i] for i in range(len(played))])
        after, over = self._shown(result.observations), np.array(to_numpy(result.terminated))
        for i, agent in self.partners.items():
            reward = np.array(to_numpy(result.rewards[i])) if self.rules.facts.reward_observed else None
            agent.learn(Transition(self._seen[i], own[i], reward, after[i], over.copy(), self._round))
        self._seen, self._round = after, self._round + 1
        last = result.final_observations
        final = None if last is None else tuple(last[i] for i in self.seats)
        seen = self.reset() if over.all() and self._starts_again else tuple(result.observations[i] for i in self.seats)
        rewards = tuple(result.rewards[i] for i in self.seats)
        # games of several players may give the same array every step, and a learner's `info` must be fresh
        scoring = {key: self.where.xp.asarray(value, copy=True) for key, value in result.scoring.items()}
        return Step(seen, rewards, result.terminated, scoring, final)
