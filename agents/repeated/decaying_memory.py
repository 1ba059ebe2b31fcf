"""An opponent of exponentially decaying memory: each round back counts less by a constant factor.

It meets the condition under which our reconstruction of arXiv 2606.06486 (section 2b) truncates histories: histories
that agree on the last k rounds give laws of action within C rho^k of each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from ...core.agent import Task
from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...theory.repeated.memory import Memory
from .map_player import MapPlayer


class DecayingMemory(MapPlayer):
    """Cooperates with the exponentially weighted share of past cooperation of the others.

    The weight of the round k rounds ago is (1 - decay) decay^(k - 1), over the rounds the game remembers; earlier
    rounds count as cooperation.

    Args:
        decay: rho, from 0 (tit-for-tat) to below 1.
        noise: Chance that an action is replaced by a uniform one; C = 1 - noise.
    """

    depth: ClassVar[int] = 1
    fading: ClassVar[bool] = True
    stochastic: ClassVar[bool] = True
    learns: ClassVar[bool] = False

    def __init__(self, decay: float = 0.5, noise: float = 0.05) -> None:
        if not 0 <= decay < 1 or not 0 <= noise <= 1:
            raise PalaestraError(f"decay={decay!r}, noise={noise!r} are not allowed: decay in [0, 1), noise in [0, 1].")
        self.decay, self.noise = decay, noise

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Make the map for this game's memory."""
        super().reset(task, lanes, seed)
        count = self.memory.num_actions[task.player]
        if count != 2:
            raise PalaestraError(f"DecayingMemory needs two actions, cooperate and defect; this seat has {count}.")

        share = recency_weighted_cooperation(self.memory, task.player, np.array([self.decay]))
        cooperate = (1.0 - self.noise) * share + self.noise / 2.0
        self.keep(np.stack([cooperate, 1.0 - cooperate], axis=-1))


def recency_weighted_cooperation(memory: Memory, player: int, decay: Array) -> Array:
    """The others' share of cooperation at each history, older rounds counting less.

    Args:
        memory: The game's memory.
        player: The player whose opponents are looked at.
        decay: rho, one per lane.

    Returns:
        (lanes, states), in [0, 1].
    """
    others = np.delete(memory.histories, player, axis=-1)
    defected = (others > 0).mean(-1)  # (states, m); rounds before the first count as cooperation
    share = np.ones((len(decay), memory.states))
    for k in range(memory.depth):
        weight = (1.0 - decay) * decay**k
        share = share - weight[:, None] * defected[:, memory.depth - 1 - k]
    return share
