"""An opponent that drifts between two scripted strategies during the episode.

Source: section 2c of our reconstruction of arXiv 2606.06486: sigma_t = (1 - w_t) A + w_t B with
w_t = (1 - cos(2 pi c t / T)) / 2, with some noise. Its variation over the episode is of order c, so it is slow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Task
from ...core.arrays import Array
from ...core.errors import PalaestraError
from .map_player import MapPlayer
from .reactive import Reactive


class DriftingMixture(MapPlayer):
    """Mixes two maps with weights that swing over the episode.

    Args:
        first: Rule played at the start, a name of `reactive.RULES`.
        second: Action that is always played at the other end of the swing.
        cycles: Number of full swings per episode.
        noise: Chance that an action is replaced by a uniform one.
    """

    stochastic: ClassVar[bool] = True
    learns: ClassVar[bool] = False
    drifting: ClassVar[bool] = True
    depth: ClassVar[int] = 1

    def __init__(self, first: str = "tit_for_tat", second: int = 1, cycles: float = 1.0, noise: float = 0.1) -> None:
        if second not in (0, 1) or not cycles > 0 or not 0 <= noise <= 1:
            raise PalaestraError(
                f"second={second!r}, cycles={cycles!r}, noise={noise!r} are not allowed: second is 0 or 1, cycles are "
                "positive, noise is a probability."
            )
        self.first, self.second, self.cycles, self.noise = Reactive(first), second, cycles, noise
        self.depth, self.needs = self.first.depth, self.first.needs  # type: ignore[misc]

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Make both maps for this game's memory."""
        super().reset(task, lanes, seed)
        self.first.reset(task, lanes, seed)
        self._ends = (self.first.maps(None), np.eye(2)[self.second])

    def maps(self, observation: Any) -> Array:
        """The mixture of this round."""
        weight = (1.0 - np.cos(2.0 * np.pi * self.cycles * self.step / self.task.horizon)) / 2.0
        mixed = (1.0 - weight) * self._ends[0] + weight * self._ends[1]
        return np.asarray((1.0 - self.noise) * mixed + self.noise / 2.0)
