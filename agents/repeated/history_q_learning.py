"""Q-learning on histories (Watkins 1989): a learner with memory that sees only its rewards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Task, Transition
from ...core.arrays import Array
from ...core.errors import PalaestraError
from .map_player import MapPlayer


class HistoryQLearning(MapPlayer):
    """Epsilon-greedy tabular Q-learning over the last m joint actions.

    Q(s, a) <- Q(s, a) + alpha (r + gamma max Q(s') - Q(s, a)), rewards scaled to [0, 1]. It converges against fixed
    maps; it follows drifting maps at rate alpha, without a guarantee.

    Args:
        rate: alpha, in (0, 1].
        discount: gamma, in [0, 1).
        exploration: epsilon, in [0, 1].
    """

    learns: ClassVar[bool] = True
    stochastic: ClassVar[bool] = True
    depth: ClassVar[int] = 1

    def __init__(self, rate: float = 0.1, discount: float = 0.95, exploration: float = 0.05) -> None:
        if not (0 < rate <= 1 and 0 <= discount < 1 and 0 <= exploration <= 1):
            raise PalaestraError(
                f"rate={rate!r}, discount={discount!r}, exploration={exploration!r} are not allowed: rate in (0, 1], "
                "discount in [0, 1), exploration in [0, 1]."
            )
        self.rate, self.discount, self.exploration = rate, discount, exploration

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Start from optimistic values, so that every action is tried."""
        super().reset(task, lanes, seed)
        low, high = task.public["source"].span
        self._low, self._scale = low, (high - low if high > low else 1.0)
        count = self.memory.num_actions[task.player]
        self._values = np.full((lanes, self.memory.states, count), 1.0 / (1.0 - self.discount))

    def maps(self, observation: Any) -> Array:
        """Greedy in every history, with some exploration."""
        count = self._values.shape[-1]
        greedy = np.eye(count)[self._values.argmax(-1)]
        return np.asarray((1.0 - self.exploration) * greedy + self.exploration / count)

    def learn(self, transition: Transition) -> None:
        """One update at the history before the round."""
        lane, reward = np.arange(self.lanes), (transition.reward - self._low) / self._scale
        before = self.memory.encode(transition.observation["history"])
        after = self.memory.encode(transition.next_observation["history"])
        action = transition.next_observation["history"][:, -1, self.task.player]
        target = reward + self.discount * self._values[lane, after].max(-1)
        error = target - self._values[lane, before, action]
        self._values[lane, before, action] += self.rate * error
