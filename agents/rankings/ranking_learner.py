"""RankingLearner: estimates utilities from rankings for a no-regret learner (Algorithms 1 to 3)."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, log, sqrt
from typing import Any, ClassVar, Literal

import numpy as np

from ...core.agent import Agent, Task, Transition
from ...core.arrays import Array, backend
from ...core.errors import PalaestraError
from ...core.randomness import Draw, lane_keys
from ...theory.learning.no_regret import FollowTheRegularisedLeader, Hedge, NoRegret, ProjectedGradientAscent
from .empirical_blocks import EmpiricalBlocks
from .proposals import sample_proposals
from .ranking_estimate import RankingEstimate
from .ranking_task import RankingTask

ALGORITHMS: dict[str, type[NoRegret]] = {
    "pgd": ProjectedGradientAscent,
    "ftrl": FollowTheRegularisedLeader,
    "hedge": Hedge,
}


class RankingLearner(Agent):
    """Algorithms 2 (instantaneous utilities) and 3 (average utilities) of arXiv 2603.19221, as the task asks.

    1. Play Alg's strategy; under bandit information draw K proposals from (1 - gamma) Alg + gamma / A.
    2. Estimate differences to the last action from the last m rankings (Algorithm 1, `ranking_estimate`).
    3. Instantaneous: Alg learns the estimate as this round's utilities. Average, full information: Alg answers to t
       copies of it. Average, bandit: every M rounds, undo the averaging of the empirical means,
       (u~ n - u~' n') / (n - n') with n the counts of proposals and ' the block before; Alg answers to t copies of
       the mean over blocks.

    Regret: sublinear for constant temperature (Theorems 5.2, 6.2, 6.3). It fails if the reference is rarely proposed,
    at temperatures near 0 or much larger than the utilities (estimates are then noise), and on the instances of
    Theorems 4.1, 4.3, 4.4, where every algorithm fails. Under average feedback with bandit information the paper's
    theory needs utilities whose reference is 0, and hundreds of thousands of rounds.

    Departures, all our reconstruction: estimates are clipped to the range of differences (twice that of utilities,
    if the reference is not constant); each block's estimate is clipped too, because n - n' may be small; utilities are
    divided by half their range; and the defaults keep the theorems' powers of T and P but not their constants, which
    exceed T at any horizon below millions.

    Args:
        alg: "pgd", "ftrl" or "hedge".
        window: m, rankings that count; None: by the theorems' powers of T and P.
        exploration: gamma, under bandit information; None: 0.25 (P / T)^(1/5).
        block: M, rounds per block (average, bandit); None: T^(5/6) / 8, but at least m.
        rate: eta of Alg; None: T^(-1/2), for averages T^(-2/3), times sqrt(2 log A) for Hedge.
    """

    stochastic: ClassVar[bool] = True
    plays: ClassVar[tuple[str, ...]] = ("RankingBandit-v0", "RankingGame-v0", "ModelRouting-v0")

    def __init__(
        self,
        alg: Literal["pgd", "ftrl", "hedge"] = "pgd",
        window: int | None = None,
        exploration: float | None = None,
        block: int | None = None,
        rate: float | None = None,
    ) -> None:
        if alg not in ALGORITHMS:
            raise PalaestraError(f"alg={alg!r} is not allowed. Allowed: {', '.join(map(repr, ALGORITHMS))}.")
        if exploration is not None and not 0 <= exploration <= 1:
            raise PalaestraError(f"exploration={exploration!r} is not allowed: it is a share from 0 to 1.")
        for name, value in (("window", window), ("block", block)):
            if value is not None and value < 1:
                raise PalaestraError(f"{name}={value!r} is not allowed: give an integer from 1.")
        self.alg, self.window, self.exploration, self.block, self.rate = alg, window, exploration, block, rate

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Forget everything; choose the parameters for this task.

        Raises:
            PalaestraError: A task that is not a ranking bandit's, or one that shows utilities instead of rankings.
        """
        facts = self.task = RankingTask.of(task)
        if facts.feedback == "numeric":
            raise PalaestraError("RankingLearner learns from rankings; with feedback='numeric' use NumericHedge.")
        self.keys, self.step = lane_keys(seed, backend()), 0
        span, anchor = facts.high - facts.low, facts.reference
        low, high = (-span, span) if anchor is None else (facts.low - anchor, facts.high - anchor)
        self.estimate = RankingEstimate(lanes, facts.actions, self._window(facts), facts.temperature, low, high)
        self.learner = ALGORITHMS[self.alg](lanes, facts.actions, self._rate(facts))
        self.gamma = self._exploration(facts) if facts.bandit else 0.0
        self.blocks = EmpiricalBlocks(lanes, facts.actions, self._block(facts), low, high)

    def act(self, observation: Any) -> Array:
        """Alg's strategy, or proposals drawn from it and a share of exploration."""
        strategy = self.learner.strategy
        if not self.task.bandit:
            return np.minimum(strategy, 1.0)
        mixed = (1.0 - self.gamma) * strategy + self.gamma / self.task.actions
        return sample_proposals(mixed, self.task.proposals, Draw(self.keys, self.step, backend()))

    def learn(self, transition: Transition) -> None:
        """Estimate from the new ranking, and let Alg answer."""
        self.step += 1
        self.estimate.add(transition.next_observation["ranking"])
        scale = self.task.scale
        if self.task.feedback == "instantaneous":
            self.learner.observe(self.estimate.differences() / scale)
        elif not self.task.bandit:
            self.learner.answer(self.estimate.differences() * (self.step / scale))
        else:
            self.blocks.add(transition.action)
            if self.blocks.due:
                self.blocks.close(self.estimate.differences())
            self.learner.answer(self.blocks.mean * (self.step / scale))

    def _window(self, facts: RankingTask) -> int:
        """The window m: the theorems' powers of T and P, and a logarithm."""
        horizon, calm = facts.horizon, facts.horizon / max(facts.budget, 1.0)
        if facts.feedback == "average":
            m = horizon ** (2 / 3) / (2 if facts.bandit else 1)
        elif facts.bandit:
            m = calm ** (4 / 5) * log(8 * facts.actions * horizon)
        else:
            m = calm ** (2 / 3) * log(4 * facts.actions * horizon) ** (1 / 3)
        return self.window or min(max(ceil(m), 1), horizon)

    def _exploration(self, facts: RankingTask) -> float:
        """The share gamma of uniform proposals: a quarter of Theorem 5.2's (P / T)^(1/5)."""
        if self.exploration is not None:
            return self.exploration
        return min(1.0, 0.25 * float((facts.budget / facts.horizon) ** 0.2))

    def _block(self, facts: RankingTask) -> int:
        """The rounds M of a block: Theorem 6.3's power of T, but at least the window."""
        return self.block or max(ceil(facts.horizon ** (5 / 6) / 8), self._window(facts))

    def _rate(self, facts: RankingTask) -> float:
        """The step size eta: T^(-1/2), and the edge of Theorem 6.2's T^(-2/3) for averages; Hedge's own constant."""
        if self.rate is not None:
            return self.rate
        power = -1 / 2 if facts.feedback == "instantaneous" else -2 / 3
        constant = sqrt(2 * log(max(facts.actions, 2))) if self.alg == "hedge" else 1.0
        return float(constant * facts.horizon**power)
