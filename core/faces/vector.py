"""The Gymnasium vector face of a single-learner game."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from ..arrays import Array, to_numpy
from ..batch import Batch
from ..errors import PalaestraError
from ..rules import Rules
from ..spaces import cast


class LaneVectorEnv(VectorEnv[Any, Any, Array]):
    """All lanes of a single-learner game as a `gymnasium.vector.VectorEnv`, in one batch.

    Autoreset mode is SAME_STEP: the step that ends an episode returns the next one's first observation, and
    `info["final_obs"]` (with the mask `info["_final_obs"]`) holds the true last one.

    Args:
        rules: A game with one learner.
        num_envs: How many lanes.
        backend: "numpy" or "torch"; the face itself speaks numpy.
        device: The torch device.
        env_id: The environment's id, for the message.
        batch: What is played, where the track's own agents take other seats (`SeatedBatch`).

    Raises:
        PalaestraError: A game of several players; the message says what to call instead.
    """

    metadata = {  # noqa: RUF012 - gymnasium reads it from the class
        "render_modes": [],
        "autoreset_mode": AutoresetMode.SAME_STEP,
    }

    def __init__(
        self,
        rules: Rules[Any],
        num_envs: int = 1,
        backend: str = "numpy",
        device: str = "cpu",
        env_id: str = "ID",
        batch: Batch[Any] | None = None,
    ) -> None:
        if not rules.single:
            raise PalaestraError(
                f"{'This game' if env_id == 'ID' else env_id} has the players {', '.join(rules.facts.players)}, and a "
                f"gymnasium.vector.VectorEnv has only one. Call palaestra.make_batch({env_id!r}, {num_envs}) for many "
                f"lanes, or palaestra.parallel_env({env_id!r}) for one."
            )
        self.rules = rules
        self.num_envs = num_envs
        self._batch = batch or Batch(rules, num_envs, backend, device)
        self.single_observation_space = rules.observation_spaces[0]
        self.single_action_space = rules.action_spaces[0]
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Start an episode in every lane: a seed s seeds lane i with s + i, a list seeds each."""
        if options and "reset_mask" in options:
            raise PalaestraError("reset_mask is for AutoresetMode.DISABLED; here ended lanes start again.")
        if seed is not None and not isinstance(seed, (int, np.integer)) and any(one is None for one in seed):
            raise PalaestraError("Give a seed for every lane, or one integer, or None for all.")
        (observation,) = self._batch.reset(seed)  # type: ignore[arg-type]
        return cast(observation, self.single_observation_space), {}

    def step(self, actions: Any) -> tuple[Any, Array, Array, Array, dict[str, Any]]:
        """Play one step in every lane."""
        result = self._batch.step((actions,))
        over = np.array(to_numpy(result.terminated))
        info: dict[str, Any] = {key: np.array(to_numpy(value)) for key, value in result.scoring.items()}
        if result.final_observations is not None:
            final = cast(result.final_observations[0], self.single_observation_space)
            info |= {"final_obs": final, "_final_obs": over, "final_info": dict(info), "_final_info": over}
        return (
            cast(result.observations[0], self.single_observation_space),
            np.array(to_numpy(result.rewards[0])),
            over,
            np.zeros(self.num_envs, bool),
            info,
        )
