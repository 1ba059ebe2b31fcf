"""Uniform: every legal action with equal probability, as the simplest baseline.

Discrete parts are uniform over their values. A box of strategies (a point of the simplex) is set to the uniform
strategy, and any other box to its lower bound, so that the agent promises nothing and asks for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from gymnasium import spaces

from ..core.agent import Agent, Task
from ..core.arrays import backend
from ..core.randomness import Draw, lane_keys


class Uniform(Agent):
    """Plays uniformly at random from its own seeds."""

    stochastic: ClassVar[bool] = True
    learns: ClassVar[bool] = False

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Start at step 0 of the lanes' own random streams."""
        self.task, self.lanes, self.step = task, lanes, 0
        self.keys = lane_keys(seed, backend())

    def act(self, observation: Any) -> Any:
        """A uniform action in every lane."""
        draw = Draw(self.keys, self.step, backend())
        self.step += 1
        return self._sample(self.task.action_space, "action", draw)

    def _sample(self, space: spaces.Space[Any], stream: str, draw: Draw) -> Any:
        if isinstance(space, spaces.Dict):
            return {key: self._sample(part, f"{stream}/{key}", draw) for key, part in space.spaces.items()}
        if isinstance(space, spaces.Discrete):
            return space.start + draw.integers(stream, int(space.n))
        if isinstance(space, spaces.MultiDiscrete):
            unit = draw.uniform(stream, space.nvec.shape)
            return np.floor(unit * space.nvec).astype(np.int64)
        assert isinstance(space, spaces.Box)
        if self.task.public.get("action") == "strategy":
            return np.full((self.lanes, *space.shape), 1.0 / space.shape[-1])
        return np.repeat(np.asarray(space.low, np.float64)[None], self.lanes, axis=0)
