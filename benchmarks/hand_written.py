"""A PettingZoo transfer game as a careful author writes it for one pair of players: the reference for one lane.

It knows its game: two players, three actions each, promises on the realised action, two steps an episode. It checks
every action, returns fresh observations in the declared spaces, and does nothing else.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium import spaces
from pettingzoo import ParallelEnv

COUNT = 3


class HandWrittenTransferGame(ParallelEnv[str, Any, Any]):
    """`TransferGame-v0` of two players by hand, with the same spaces, rewards and end.

    Args:
        payoffs: (2, 3, 3), what each player earns at each joint action.
        ask_spaces: Check actions with `space.contains`, as most environments do, rather than by hand with plain
            comparisons, which is faster.
    """

    metadata = {  # noqa: RUF012 - PettingZoo reads it from the class
        "name": "hand_written_transfer_game",
        "is_parallelizable": True,
    }

    def __init__(self, payoffs: Any, ask_spaces: bool = False) -> None:
        table = np.asarray(payoffs, np.float64)
        self.table: list[list[tuple[float, float]]] = [
            [(float(table[0, a, b]), float(table[1, a, b])) for b in range(COUNT)] for a in range(COUNT)
        ]
        self.bound = float(table.max() - table.min())
        self.ask_spaces = ask_spaces
        self.render_mode = None
        self.possible_agents = ["player_0", "player_1"]
        self.agents: list[str] = []
        seen = spaces.Dict(
            {
                "stage": spaces.Discrete(2),
                "amounts": spaces.Box(0.0, self.bound, (2, 2), np.float64),
                "targets": spaces.MultiDiscrete(np.full((2, 2), COUNT)),
                "last_play": spaces.MultiDiscrete(np.full(2, COUNT + 1)),
            }
        )
        action = spaces.Dict(
            {
                "amounts": spaces.Box(0.0, self.bound, (2,), np.float64),
                "targets": spaces.MultiDiscrete(np.full(2, COUNT)),
                "play": spaces.Discrete(COUNT),
            }
        )
        self.observation_spaces = {agent: seen for agent in self.possible_agents}
        self.action_spaces = {agent: action for agent in self.possible_agents}

    def observation_space(self, agent: str) -> Any:
        """The agent's observation space."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> Any:
        """The agent's action space."""
        return self.action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
        """Start an episode; the game draws nothing, so the seed changes nothing."""
        self.agents = list(self.possible_agents)
        self.stage = 0
        self.amounts = np.zeros((2, 2))
        self.targets = np.zeros((2, 2), np.int64)
        self.last_play = np.full(2, COUNT)
        return self._seen(), {agent: {} for agent in self.agents}

    def step(
        self, actions: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, float], dict[str, bool], dict[str, bool], dict[str, dict[str, Any]]]:
        """Record the promises, or play and pay."""
        agents = self.agents
        for agent in agents:
            self._check(agent, actions[agent])
        rewards = self._promise(actions) if self.stage == 0 else self._play(actions)
        self.stage = 1 - self.stage
        over = self.stage == 0
        observations = self._seen()
        if over:
            self.agents = []
        return (
            observations,
            rewards,
            {agent: over for agent in agents},
            {agent: False for agent in agents},
            {agent: {} for agent in agents},
        )

    def _promise(self, actions: dict[str, Any]) -> dict[str, float]:
        for i, agent in enumerate(self.possible_agents):
            self.amounts[i] = actions[agent]["amounts"]
            self.amounts[i, i] = 0.0
            self.targets[i] = actions[agent]["targets"]
        return {"player_0": 0.0, "player_1": 0.0}

    def _play(self, actions: dict[str, Any]) -> dict[str, float]:
        first, second = int(actions["player_0"]["play"]), int(actions["player_1"]["play"])
        to_second = float(self.amounts[0, 1]) if self.targets[0, 1] == second else 0.0
        to_first = float(self.amounts[1, 0]) if self.targets[1, 0] == first else 0.0
        of_first, of_second = self.table[first][second]
        self.amounts = np.zeros((2, 2))
        self.last_play = np.array([first, second])
        return {"player_0": of_first + to_first - to_second, "player_1": of_second + to_second - to_first}

    def _check(self, agent: str, action: Any) -> None:
        if self.ask_spaces:
            legal = self.action_spaces[agent].contains(action)
        else:
            amounts, targets = np.asarray(action["amounts"]), np.asarray(action["targets"])
            legal = (
                action.keys() == {"amounts", "targets", "play"}
                and amounts.shape == (2,)
                and targets.shape == (2,)
                and targets.dtype.kind in "iu"
                and all(0.0 <= amount <= self.bound for amount in amounts.tolist())
                and all(0 <= target < COUNT for target in targets.tolist())
                and int(action["play"]) == action["play"]
                and 0 <= action["play"] < COUNT
            )
        if not legal:
            raise ValueError(f"{agent}: the action {action} is not in {self.action_spaces[agent]}.")

    def _seen(self) -> dict[str, Any]:
        return {
            agent: {
                "stage": np.int64(self.stage),
                "amounts": self.amounts.copy(),
                "targets": self.targets.copy(),
                "last_play": self.last_play.copy(),
            }
            for agent in self.possible_agents
        }

    def render(self) -> None:
        """Nothing to draw."""

    def close(self) -> None:
        """Nothing to release."""
