"""NumericLearner: a no-regret learner that sees the utilities; an oracle that measures what rankings cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log, sqrt
from typing import Any, ClassVar, Literal

import numpy as np

from ...core.agent import Agent, Task, Transition
from ...core.arrays import Array, backend
from ...core.errors import PalaestraError
from ...core.randomness import Draw, lane_keys
from ...theory.learning.no_regret import Hedge, NoRegret, ProjectedGradientAscent
from .proposals import sample_proposals
from .ranking_estimate import importance_weighted
from .ranking_task import RankingTask

ALGORITHMS: dict[str, type[NoRegret]] = {"hedge": Hedge, "pgd": ProjectedGradientAscent}


class NumericLearner(Agent):
    """A no-regret learner on the utilities themselves.

    1. Play Alg's strategy; under bandit information draw K proposals from (1 - gamma) Alg + gamma / A.
    2. Alg learns the utilities less the greatest possible one, over half the range; under bandit information their
       importance-weighted estimate (`agents.rankings.ranking_estimate`), which is unbiased.

    Regret with full information: O(sqrt(T log A)) for Hedge (Freund, Schapire 1997), O(sqrt(A T)) for projected
    gradient ascent (Zinkevich 2003); with bandit information O(sqrt(A T log A / K)) and O(T^(3/4)) in this form.
    Cost O(A) or O(A log A) per round. It needs utilities, so it is an oracle where others see rankings.

    Args:
        alg: "hedge" or "pgd".
        rate: eta; None: sqrt(2 log A / T) for "hedge" and T^(-1/2) for "pgd", both smaller under bandit information.
        exploration: gamma, under bandit information; None: 0 for "hedge", T^(-1/4) for "pgd", whose strategies reach 0.
    """

    stochastic: ClassVar[bool] = True
    privileges: ClassVar[Mapping[str, Any]] = {"feedback": "numeric"}
    plays: ClassVar[tuple[str, ...]] = ("RankingBandit-v0", "RankingGame-v0", "ModelRouting-v0")

    def __init__(
        self,
        alg: Literal["hedge", "pgd"] = "hedge",
        rate: float | None = None,
        exploration: float | None = None,
    ) -> None:
        if alg not in ALGORITHMS:
            raise PalaestraError(f"alg={alg!r} is not allowed. Allowed: {', '.join(map(repr, ALGORITHMS))}.")
        if exploration is not None and not 0 <= exploration <= 1:
            raise PalaestraError(f"exploration={exploration!r} is not allowed: it is a share from 0 to 1.")
        self.alg, self.rate, self.exploration = alg, rate, exploration

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Forget everything.

        Raises:
            PalaestraError: A task without utilities.
        """
        facts = self.task = RankingTask.of(task)
        if facts.feedback != "numeric":
            raise PalaestraError("NumericLearner needs the option feedback='numeric'; RankingLearner reads rankings.")
        self.keys, self.step = lane_keys(seed, backend()), 0
        self.learner = ALGORITHMS[self.alg](lanes, facts.actions, self._rate(facts))
        explore = facts.horizon**-0.25 if self.alg == "pgd" else 0.0
        share = explore if self.exploration is None else self.exploration
        self.gamma = share if facts.bandit else 0.0

    def _rate(self, facts: RankingTask) -> float:
        if self.rate is not None:
            return self.rate
        horizon, actions = facts.horizon, max(facts.actions, 2)
        if self.alg == "hedge":
            # An importance-weighted estimate of a loss on [0, 2] has a second moment of about 1 + A / K.
            moment = 1.0 + actions / facts.proposals if facts.bandit else 1.0
            return sqrt(2 * log(actions) / (horizon * moment))
        return float(horizon**-0.5 / (actions / facts.proposals if facts.bandit else 1.0))

    def act(self, observation: Any) -> Array:
        """Alg's strategy, or proposals drawn from it."""
        strategy = self.learner.strategy
        if not self.task.bandit:
            return np.minimum(strategy, 1.0)
        self.mixed = (1.0 - self.gamma) * strategy + self.gamma / self.task.actions
        return sample_proposals(self.mixed, self.task.proposals, Draw(self.keys, self.step, backend()))

    def learn(self, transition: Transition) -> None:
        """Learn the utilities seen."""
        self.step += 1
        seen = (transition.next_observation["utilities"] - self.task.high) / self.task.scale
        if self.task.bandit:
            seen = importance_weighted(transition.action, seen, self.mixed)
        self.learner.observe(seen)
