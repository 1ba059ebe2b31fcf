"""An adversary against which sublinear regret is impossible: one for each condition that the theory needs.

Source: section 2c (N1, N2) of our reconstruction of arXiv 2606.06486.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Task, Transition
from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...core.randomness import Draw
from .map_player import MapPlayer


class CoinFlipper(MapPlayer):
    """N1: plays a fair coin's outcome, fixed before the round and independent of all play.

    In matching pennies no player earns more than the value in expectation, while a comparator that may change its
    action in every round earns the greatest payoff: without a bound on the comparator's variation, regret is linear.
    """

    learns: ClassVar[bool] = False
    stochastic: ClassVar[bool] = True
    drifting: ClassVar[bool] = True

    def maps(self, observation: Any) -> Array:
        """A point mass on this round's coin, in every history: (lanes, states, actions)."""
        count = self.memory.num_actions[self.task.player]
        coin = Draw(self._keys, self.step, self._where).integers("coin", count)
        return np.repeat(np.eye(count)[coin][:, None], self.memory.states, axis=1)


class FirstActionJudge(MapPlayer):
    """N2: always plays action 0 if the other's first action was theta, and always action 1 otherwise.

    It recalls the first round perfectly. If its action 0 pays 1 and its action 1 pays 0, a learner that does not know
    theta loses T / 2 in expectation against the better first action: opponents of perfect recall make sublinear regret
    impossible.

    Args:
        theta: The first action that is rewarded; None: drawn by each lane's seed.
    """

    depth: ClassVar[int] = 1
    stochastic: ClassVar[bool] = True

    def __init__(self, theta: int | None = None) -> None:
        self.theta = theta

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Draw theta; there is no verdict yet."""
        super().reset(task, lanes, seed)
        if len(self.memory.num_actions) != 2:
            raise PalaestraError("FirstActionJudge judges one other player: it needs a game of two.")
        count = self.memory.num_actions[1 - task.player]
        if self.theta is not None and not 0 <= self.theta < count:
            raise PalaestraError(f"theta={self.theta!r} is not allowed: the judged player has {count} actions.")
        drawn = Draw(self._keys, -1, self._where).integers("theta", count)
        self._theta = drawn if self.theta is None else np.full(lanes, self.theta)
        self._verdict = np.ones(lanes, np.int64)

    def maps(self, observation: Any) -> Array:
        """Its verdict, in every history."""
        point = np.eye(self.memory.num_actions[self.task.player])[self._verdict]
        return np.repeat(point[:, None], self.memory.states, axis=1)

    def learn(self, transition: Transition) -> None:
        """Judge the first action."""
        if transition.step == 0:
            first = transition.next_observation["history"][:, -1, 1 - self.task.player]
            self._verdict = np.where(first == self._theta, 0, 1)
