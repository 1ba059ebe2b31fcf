"""LinUCB: one linear model of utility per action, with a bonus for uncertain predictions.

Source: Li, Chu, Langford, Schapire, "A contextual-bandit approach to personalized news article recommendation" (WWW
2010), Algorithm 1 (disjoint linear models).

For each action a keep A_a = I + sum of x x' and b_a = sum of r x over the rounds that played a. Each round:
1. See the context x (here with a constant 1 appended, so that actions may differ if contexts are uninformative).
2. theta_a = A_a^-1 b_a, and p_a = theta_a' x + alpha sqrt(x' A_a^-1 x).
3. Play argmax p_a, ties to the smaller index; all K proposals are that action.
4. Learn its utility r. A_a^-1 is updated by the formula of Sherman and Morrison, theta_a by the prediction's error.
Here r is measured from the middle of the range of utilities, in units of that range, so that theta = 0, where every
action starts, predicts an average utility: otherwise a small alpha would never leave the first action that pays
anything. Under full information step 3 puts all weight on that action, and step 4 learns every action.

Assumes that expected utility is linear in x. If it is not, LinUCB converges to a best linear fit on the rounds that it
played; if features are uninformative it is a slow UCB. It needs numeric feedback, so tables call it an oracle. Cost per
round: O(lanes A d^2) time; memory lanes x A x d^2 floats (100 lanes, 8 actions, d = 33: 7 MB).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Agent, Task, Transition
from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from ..rankings.proposals import point_strategies


class LinUCB(Agent):
    """Disjoint LinUCB over lanes.

    Args:
        alpha: Width of the confidence bound, in units of the range of utilities, at least 0. The paper's alpha = 1 +
            sqrt(ln(2 / delta) / 2) is safe and slow; its experiments, and this default, use less.
    """

    privileges: ClassVar[Mapping[str, Any]] = {"feedback": "numeric"}
    plays: ClassVar[tuple[str, ...]] = ("ModelRouting-v0",)

    def __init__(self, alpha: float = 0.25) -> None:
        if not 0 <= alpha < float("inf"):
            raise PalaestraError(f"alpha={alpha!r} is not allowed: it must be a number from 0.")
        self.alpha = alpha

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Know nothing: every inverse is the identity, every theta 0."""
        parts = getattr(task.observation_space, "spaces", {})
        if "context" not in parts or "utilities" not in parts:
            raise PalaestraError(
                "LinUCB needs `context` and `utilities` in its observation. Use feedback='numeric' and an "
                "environment with features (ModelRouting-v0: features=32)."
            )
        self.low, self.high = task.public["utility_range"]
        self.actions = int(task.public["num_actions"])
        self.proposals = int(task.public["proposals"])
        self.bandit = task.public["action"] == "proposals"
        size = int(parts["context"].shape[0]) + 1
        self.lanes = np.arange(lanes)
        # Lanes and actions are the last axes, so that sums over features are sums of whole blocks of memory.
        self.inverse = np.zeros((size, size, lanes, self.actions))
        self.inverse[np.arange(size), np.arange(size)] = 1.0
        self.theta = np.zeros((size, lanes, self.actions))

    def act(self, observation: Mapping[str, Array]) -> Array:
        """The most promising action, in every slot (or with all weight)."""
        context = self._context(observation)[:, :, None]
        spread = ordered_sum(self.inverse * context[:, None], 0)
        variance = np.maximum(ordered_sum(spread * context, 0), 0.0)
        mean = ordered_sum(self.theta * context, 0)
        pick = np.argmax(mean + self.alpha * np.sqrt(variance), axis=1)
        if self.bandit:
            return np.repeat(pick[:, None], self.proposals, axis=1)
        return point_strategies(pick, self.actions)

    def learn(self, transition: Transition) -> None:
        """Update the models of the actions whose utility was seen."""
        context, utilities = self._context(transition.observation), transition.next_observation["utilities"]
        if self.bandit:
            self._update(context, np.asarray(transition.action)[:, 0], utilities[:, 0])
            return
        for a in range(self.actions):
            self._update(context, np.full(len(self.lanes), a), utilities[:, a])

    def _context(self, observation: Mapping[str, Array]) -> Array:
        """(d, lanes): the features, and a constant 1."""
        return np.concatenate([observation["context"].T, np.ones((1, len(self.lanes)))])

    def _update(self, context: Array, action: Array, utility: Array) -> None:
        """One observation of `action` (lanes,): the inverse and theta after it, in closed form."""
        old = self.inverse[:, :, self.lanes, action]
        spread = ordered_sum(old * context[:, None], 0)
        gain = spread / (1.0 + ordered_sum(spread * context, 0))
        target = (utility - (self.low + self.high) / 2.0) / (self.high - self.low)
        error = target - ordered_sum(self.theta[:, self.lanes, action] * context, 0)
        self.inverse[:, :, self.lanes, action] = old - gain[:, None] * spread
        self.theta[:, self.lanes, action] += gain * error
