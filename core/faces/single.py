"""The Gymnasium face of a single-learner game."""

from __future__ import annotations

from typing import Any

import gymnasium

from ..arrays import to_numpy
from ..batch import Batch
from ..errors import PalaestraError
from ..rules import Rules
from ..spaces import ActionCheck, LaneReader


class SingleEnv(gymnasium.Env[Any, Any]):
    """One lane of a single-learner game as a `gymnasium.Env`.

    `info` holds what scorers may see (hidden utilities, say); a learner that reads it cheats.

    Args:
        rules: A game with one learner.
        render_mode: None; the games are numbers.
        env_id: The environment's id, for the message.
        batch: What is played, where the track's own agents take other seats (`SeatedBatch`).

    Raises:
        PalaestraError: A game of several players; the message says what to call instead.
    """

    metadata = {  # noqa: RUF012 - gymnasium reads it from the class
        "render_modes": []
    }

    def __init__(
        self, rules: Rules[Any], render_mode: None = None, env_id: str = "ID", batch: Batch[Any] | None = None
    ) -> None:
        if not rules.single:
            raise PalaestraError(
                f"{'This game' if env_id == 'ID' else env_id} has the players {', '.join(rules.facts.players)}, and a "
                f"gymnasium.Env has only one. Call palaestra.parallel_env({env_id!r}) or pettingzoo.make('parallel', "
                f"'palaestra/{env_id}')."
            )
        self.render_mode = render_mode
        self.rules = rules
        self._batch = batch or Batch(rules, 1, autoreset=False, check_actions=False)
        self.observation_space = rules.observation_spaces[0]
        self.action_space = rules.action_spaces[0]
        self._check = ActionCheck(self.action_space, rules.facts.players[0], self._batch.where)
        self._read = LaneReader(self.observation_space)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Start an episode; a seed starts the lane anew, none goes on to its next episode."""
        super().reset(seed=seed)
        (observation,) = self._batch.reset(None if seed is None else [seed])
        return self._read(observation), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Play one step. Raises IllegalAction on an action outside the space, and steps nothing."""
        result = self._batch.step((self._check.one(action),))
        observation = self._read(result.observations[0])
        info = {key: to_numpy(value)[0] for key, value in result.scoring.items()}
        return observation, float(result.rewards[0][0]), bool(result.terminated[0]), False, info
