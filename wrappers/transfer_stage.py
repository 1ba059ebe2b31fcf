"""TransferStage: before every round of any PettingZoo game, players promise each other payments.

Source: the two stages of `Transfers` (Liu, Farina and Ozdaglar, arXiv 2606.20960; the protocol is our reconstruction),
around a `ParallelEnv` of unknown rules and state.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from gymnasium import spaces
from pettingzoo import ParallelEnv

from ..core.errors import PalaestraError


class TransferStage(ParallelEnv[Any, Any, Any]):
    """Two steps per round: all players announce transfers and see them; then the wrapped game takes a step.

    An action is a dict; each step reads its part and ignores the rest. `amounts`: the amount promised to each player.
    `targets`: the action of each player that the promise asks for. `play`: the action in the wrapped game. A promise is
    paid if payer and recipient both act in the round and the recipient's action is the target. A round's rewards add up
    to those of the wrapped game.

    Observations are dicts: `stage`, `amounts` and `targets` of this round by (payer, recipient) in the order of
    `possible_agents`, and `game`, the observation of the wrapped game. Its action mask, if any, stays inside `game`.

    Args:
        env: A `ParallelEnv` with a `Discrete` action for every player; it may have any state and end at any time.
        max_transfer: Greatest promise to one player.

    Raises:
        PalaestraError: Other action spaces, or a bound that is not a number from 0.
    """

    def __init__(self, env: ParallelEnv[Any, Any, Any], max_transfer: float) -> None:
        if not 0 <= max_transfer < float("inf"):
            raise PalaestraError(f"max_transfer={max_transfer!r} is not allowed: it must be a number from 0.")
        self.env: Any = env
        self.render_mode = getattr(env, "render_mode", None)
        self.metadata: ClassVar[dict[str, Any]] = dict(env.metadata)  # type: ignore[misc]
        self.possible_agents = list(env.possible_agents)
        self.agents: list[Any] = []
        acts: list[Any] = [env.action_space(player) for player in self.possible_agents]
        for player, space in zip(self.possible_agents, acts, strict=True):
            if not isinstance(space, spaces.Discrete):
                raise PalaestraError(f"{player} acts in {space}. Promises can ask only for Discrete actions.")
        self._first = [int(space.start) for space in acts]
        n, counts = len(acts), np.array([int(space.n) for space in acts])
        row = {"amounts": spaces.Box(0.0, max_transfer, (n,), np.float64), "targets": spaces.MultiDiscrete(counts)}
        self.action_spaces = {
            player: spaces.Dict({**row, "play": space})
            for player, space in zip(self.possible_agents, acts, strict=True)
        }
        announced = {
            "stage": spaces.Discrete(2),
            "amounts": spaces.Box(0.0, max_transfer, (n, n), np.float64),
            "targets": spaces.MultiDiscrete(np.tile(counts, (n, 1))),
        }
        self.observation_spaces = {
            player: spaces.Dict({**announced, "game": env.observation_space(player)}) for player in self.possible_agents
        }
        self._clear_promises()

    def observation_space(self, agent: Any) -> Any:
        """The agent's observation space, the same object at each call."""
        return self.observation_spaces[agent]

    def action_space(self, agent: Any) -> Any:
        """The agent's action space, the same object at each call."""
        return self.action_spaces[agent]

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, Any]:
        """Reset the wrapped game; nothing is promised yet."""
        self._seen, infos = self.env.reset(seed=seed, options=options)
        self.agents, self._promising = list(self.env.agents), True
        self._clear_promises()
        return self._observations(), infos

    def step(self, actions: dict[Any, Any]) -> tuple[Any, Any, Any, Any, Any]:
        """Record the promises, or step the wrapped game and pay."""
        return self._promise(actions) if self._promising else self._play(actions)

    def _clear_promises(self) -> None:
        n = len(self.possible_agents)
        self._amounts, self._targets = np.zeros((n, n)), np.zeros((n, n), np.int64)

    def _promise(self, actions: dict[Any, Any]) -> tuple[Any, Any, Any, Any, Any]:
        self._clear_promises()
        for i, player in enumerate(self.possible_agents):
            if player in self.agents:
                self._amounts[i], self._targets[i] = actions[player]["amounts"], actions[player]["targets"]
        np.fill_diagonal(self._amounts, 0.0)
        self._promising = False
        self._seen = {player: self._seen[player] for player in self.agents}  # players who left see nothing more
        no = dict.fromkeys(self.agents, False)
        return self._observations(), dict.fromkeys(self.agents, 0.0), no, dict(no), {one: {} for one in self.agents}

    def _play(self, actions: dict[Any, Any]) -> tuple[Any, Any, Any, Any, Any]:
        # step the wrapped game
        acting = [player in self.agents for player in self.possible_agents]
        played = np.full(len(acting), -1)
        for i, player in enumerate(self.possible_agents):
            if acting[i]:
                played[i] = int(actions[player]["play"]) - self._first[i]
        self._seen, rewards, ended, cut, infos = self.env.step({one: actions[one]["play"] for one in self.agents})

        # pay the promises whose target was played
        due = np.where(self._targets == played, self._amounts, 0.0) * acting
        net = (due - due.T).sum(axis=0)
        earned = {
            player: float(rewards[player]) + float(net[i])
            for i, player in enumerate(self.possible_agents)
            if player in rewards
        }
        self.agents, self._promising = list(self.env.agents), True
        self._clear_promises()
        return self._observations(), earned, ended, cut, infos

    def _observations(self) -> dict[Any, dict[str, Any]]:
        return {
            player: {
                "stage": 0 if self._promising else 1,
                "amounts": self._amounts.copy(),
                "targets": self._targets.copy(),
                "game": seen,
            }
            for player, seen in self._seen.items()
        }

    def render(self) -> Any:
        """What the wrapped game renders."""
        return self.env.render()

    def close(self) -> None:
        """Close the wrapped game."""
        self.env.close()
