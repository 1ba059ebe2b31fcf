"""The PettingZoo face of a game; the AEC face is PettingZoo's own conversion of it."""

from __future__ import annotations

from typing import Any, ClassVar

from pettingzoo import ParallelEnv

from ..arrays import Array, to_numpy
from ..batch import Batch
from ..errors import PalaestraError
from ..rules import Rules
from ..spaces import ActionCheck, LaneReader


class LaneParallelEnv(ParallelEnv[str, Any, Any]):
    """One lane of a game as a `pettingzoo.ParallelEnv`.

    Args:
        rules: The game.
        name: Name for PettingZoo's metadata.
        batch: The lane that is played, where some seats are taken (`SeatedBatch`).
    """

    def __init__(self, rules: Rules[Any], name: str = "palaestra", batch: Batch[Any] | None = None) -> None:
        self.metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
            "name": name,
            "render_modes": [],
            "is_parallelizable": True,
        }
        self.render_mode = None
        self.rules = rules
        self.possible_agents = list(rules.facts.players)
        self.agents: list[str] = []
        self._batch = batch or Batch(rules, 1, autoreset=False, check_actions=False)
        self.observation_spaces = dict(zip(self.possible_agents, rules.observation_spaces, strict=True))
        self.action_spaces = dict(zip(self.possible_agents, rules.action_spaces, strict=True))
        self._seats = frozenset(self.possible_agents)
        where = self._batch.where
        self._checks = tuple(
            ActionCheck(space, player, where)
            for player, space in zip(self.possible_agents, rules.action_spaces, strict=True)
        )
        self._readers = tuple(zip(self.possible_agents, map(LaneReader, rules.observation_spaces), strict=True))
        self.scoring: dict[str, Array] = {}

    def observation_space(self, agent: str) -> Any:
        """The agent's observation space, the same object at each call."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> Any:
        """The agent's action space, the same object at each call."""
        return self.action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
        """Start an episode; a seed starts the lane anew, none goes on to its next episode."""
        observations = self._batch.reset(None if seed is None else [seed])
        self.agents = list(self.possible_agents)
        return self._seen(observations), {agent: {} for agent in self.agents}

    def step(
        self, actions: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, float], dict[str, bool], dict[str, bool], dict[str, dict[str, Any]]]:
        """Play one step. `self.scoring` then holds what scorers may see.

        Raises:
            PalaestraError: An agent without an action, or an action outside its space; nothing was stepped.
        """
        agents = self.agents
        if actions.keys() != (self._seats if agents else set()):
            raise PalaestraError(f"step needs one action for each of {agents}, but got them for {sorted(actions)}.")
        result = self._batch.step([check.one(actions[check.player]) for check in self._checks] if agents else [])
        over = bool(result.terminated[0])
        self.scoring = {key: to_numpy(value)[0] for key, value in result.scoring.items()}
        rewards = {agent: float(reward[0]) for agent, reward in zip(agents, result.rewards, strict=True)}
        observations = self._seen(result.observations)
        if over:
            self.agents = []
        return (
            observations,
            rewards,
            dict.fromkeys(agents, over),
            dict.fromkeys(agents, False),
            {agent: {} for agent in agents},
        )

    def _seen(self, observations: tuple[Any, ...]) -> dict[str, Any]:
        return {
            agent: read(observation) for (agent, read), observation in zip(self._readers, observations, strict=True)
        }

    def render(self) -> None:
        """Nothing to draw: the games are numbers."""

    def close(self) -> None:
        """Nothing to release."""
