"""FTPL: follow the perturbed leader over maps, with an exact optimization oracle.

Source: our reconstruction (section 2b, algorithm A) of the oracle approach of Liu, Ozdaglar, Yu, Zhang (arXiv
2606.06486), after Suggala and Netrapalli, "Online non-convex learning: following the perturbed leader is optimal"
(ALT 2020).

In each round t:
1. f_s(mu), for every past round s: the expected payoff of round s if mu had been used in the H rounds up to s, starting
   from the law of histories before them, against the opponents' actual maps.
2. Play argmax over deterministic maps mu of sum_{s < t} f_s(mu) + <sigma_t, mu>, where sigma_t has independent
   exponential entries of mean 1 / eta.

The oracle is exact: it evaluates every deterministic map that differs on reachable histories (32 for memory 1 in a 2x2
game; more than 4,096 are refused) by a forward recursion of its law over the window, and keeps the sums from round to
round. No dynamic program over histories finds the maximum: the map may not change with the round while the opponents
do, and the best such map is the best memoryless policy of a partially observed process, which is NP-hard to find
(Littman 1994; `theory.repeated.comparators`). The objective is not concave in mu either, and a mixed map may be better
than every deterministic one. Cost per round: lanes x maps x states x joint actions x H. Against comparators that
change, restart in blocks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Task, Transition
from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from ...core.randomness import Draw
from ...theory.repeated.interaction import Interaction
from .map_learner import MapLearner


class PerturbedLeader(MapLearner):
    """Follow the perturbed leader over deterministic maps.

    Args:
        rate: eta, for payoffs scaled to a range of 1; None: 1 / sqrt(T).
        window: H, the rounds for which a candidate is used, up to the round whose payoff counts.
        restart: Rounds after which all scores are reset; None: never.
    """

    stochastic: ClassVar[bool] = True

    def __init__(self, rate: float | None = None, window: int = 6, restart: int | None = None) -> None:
        if window < 1 or (restart is not None and restart < 1):
            raise PalaestraError(f"window={window}, restart={restart} are not allowed: both count at least one round.")
        self.rate, self.window, self.restart = rate, window, restart

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Reset all scores; the perturbation decides the first map."""
        super().reset(task, lanes, seed)
        self._eta = 1.0 / np.sqrt(task.horizon) if self.rate is None else self.rate
        empty = np.zeros((1, task.action_space.shape[1], 1))  # type: ignore[index]
        self._candidates = Interaction(self.memory, task.player, empty).pure_maps()
        self._score = np.zeros((lanes, len(self._candidates)))
        self._recent: deque[tuple[Array, Array]] = deque(maxlen=self.window)

    def maps(self, observation: Any) -> Array:
        """The perturbed leader."""
        shape = self._candidates.shape[1:]
        noise = Draw(self._keys, self.step, self._where).exponential("perturbation", shape) / self._eta
        bonus = ordered_sum(ordered_sum(noise[:, None] * self._candidates))
        return self._candidates[(self._score + bonus).argmax(-1)]

    def learn(self, transition: Transition) -> None:
        """Add the round's payoff to every candidate's score."""
        # the law of histories before the window
        problem, own, others = self.round(transition)
        if transition.step == 0:
            self._law = problem.start(self.lanes)
        if self.restart and transition.step % self.restart == 0:
            self._score = np.zeros_like(self._score)
        self._recent.append((self._law, others))
        self._law = problem.next_occupancy(self._law, own, others)

        # the law of histories if the candidate had been used in the window, and its payoff in the last round
        law = self._recent[0][0][:, None]
        for _, theirs in list(self._recent)[:-1]:
            law = problem.next_occupancy(law, self._candidates, theirs[:, None])
        earned = ordered_sum(law * ordered_sum(self._candidates * problem.stage(others)[:, None])) / self.scale
        self._score = self._score + earned
