"""RandomPlay: every action of the space with the same density, boxes too, whatever is observed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from gymnasium import spaces

from ...core.agent import Agent, Task
from ...core.arrays import Array, backend
from ...core.randomness import Draw, lane_keys
from .action_table import flat_numbers
from .constant_actions import bounds


class RandomPlay(Agent):
    """Uniform over the whole action space, from its own seeds.

    The registered agent `Uniform` knows that some boxes are strategies, and promises nothing in others; this one knows
    nothing.

    Args:
        keep: Keep what is observed in the first steps, so many of them, in `seen`: (steps, lanes, numbers).
    """

    stochastic: ClassVar[bool] = True
    learns: ClassVar[bool] = False

    def __init__(self, keep: int = 0) -> None:
        self.keep, self.seen = keep, list[Array]()

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Start at step 0 of the lanes' own random streams."""
        self.space, self.step, self.seen = task.action_space, 0, []
        self.keys = lane_keys(seed, backend())

    def act(self, observation: Any) -> Any:
        """A uniform action in every lane."""
        if self.step < self.keep:
            self.seen.append(flat_numbers(observation))
        draw = Draw(self.keys, self.step, backend())
        self.step += 1
        return _sample(self.space, "action", draw)


def _sample(space: spaces.Space[Any], stream: str, draw: Draw) -> Any:
    if isinstance(space, spaces.Dict):
        return {key: _sample(part, f"{stream}/{key}", draw) for key, part in space.spaces.items()}
    if isinstance(space, spaces.Discrete):
        return space.start + draw.integers(stream, int(space.n))
    if isinstance(space, spaces.MultiDiscrete):
        return np.floor(draw.uniform(stream, space.nvec.shape) * space.nvec).astype(np.int64)
    assert isinstance(space, spaces.Box)
    low, high = bounds(space)
    return low + (high - low) * draw.uniform(stream, space.shape)
