"""No-regret learners: from a sequence of utility vectors to the next strategy, over lanes.

Each is the map `Alg` of the ranking-feedback paper (arXiv 2603.19221, section 3): it sees utilities u^1, ..., u^t and
answers pi^{t+1}. All arithmetic is elementwise over lanes or in a fixed order, so a lane does not depend on the others.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError


def project_to_simplex(points: Array, legal: Array | None = None) -> Array:
    """Euclidean projection on the probability simplex along the last axis.

    Sort-based and exact (Held, Wolfe, Crowder 1974; Duchi et al., ICML 2008). Cost: A log A per point.

    Args:
        points: (..., A).
        legal: Boolean, broadcast to (..., A): coordinates that may be positive; None for all. At least one per point.

    Returns:
        (..., A): nonnegative, summing to 1, zero where not legal.
    """
    if legal is not None:
        points = np.where(legal, points, -np.inf)
    ordered = -np.sort(-points, axis=-1)
    usable = np.isfinite(ordered)
    above = np.where(usable, ordered, 0.0)
    # A running sum adds left to right whatever the layout, so lanes stay worlds of their own.
    excess = np.cumsum(above, axis=-1) - 1.0
    rank = np.arange(1, points.shape[-1] + 1)
    support = ((ordered - excess / rank > 0) & usable).sum(-1, keepdims=True)
    threshold = np.take_along_axis(excess, support - 1, -1) / support
    return np.maximum(points - threshold, 0.0)


def softmax(scores: Array) -> Array:
    """exp(scores) normalised along the last axis, stably; -inf scores get probability 0."""
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return weights / ordered_sum(weights)[..., None]


class NoRegret(ABC):
    """A learner over lanes.

    Args:
        lanes: Number of lanes.
        actions: A, the number of actions.
        rate: Step size eta (for FTRL the inverse weight of the regulariser).
        legal: Boolean (lanes or 1, A): actions that exist; None for all.
    """

    def __init__(self, lanes: int, actions: int, rate: float, legal: Array | None = None) -> None:
        if not rate > 0:
            raise PalaestraError(f"The step size {rate!r} is not allowed: it must be positive.")
        self.rate = rate
        self.legal = np.ones((lanes, actions), bool) if legal is None else np.broadcast_to(legal, (lanes, actions))
        self.strategy: Array = self.legal / self.legal.sum(-1, keepdims=True)
        self.total = np.zeros((lanes, actions))

    def observe(self, utility: Array) -> Array:
        """Learn the utilities (lanes, A) of one round; returns the next strategy (lanes, A)."""
        self.total = self.total + utility
        self.strategy = self._next(utility)
        return self.strategy

    def answer(self, total: Array) -> Array:
        """The strategy after utilities that add up to `total` (Algorithm 3: t copies of one estimate)."""
        change, self.total = total - self.total, total
        self.strategy = self._next(change)
        return self.strategy

    @abstractmethod
    def _next(self, utility: Array) -> Array:
        """The strategy after `utility` has been added to `self.total`."""


class Hedge(NoRegret):
    """pi ∝ exp(eta * sum of utilities) (Freund, Schapire 1997). Regret <= log A / eta + eta T / 8 on [0, 1]."""

    def _next(self, utility: Array) -> Array:
        return softmax(np.where(self.legal, self.rate * self.total, -np.inf))


class FollowTheRegularisedLeader(NoRegret):
    """argmax <pi, sum of utilities> - |pi|^2 / (2 eta): the projection of eta * total (Shalev-Shwartz 2012)."""

    def _next(self, utility: Array) -> Array:
        return project_to_simplex(self.rate * self.total, self.legal)


class ProjectedGradientAscent(NoRegret):
    """pi <- Proj(pi + eta u) (Zinkevich 2003). Regret <= 1 / eta + eta T A / 2 for utilities in [-1, 1].

    After t copies of one vector it is where one long step from the uniform strategy leads (an action that has dropped
    out does not come back), so `answer` takes that step.
    """

    def answer(self, total: Array) -> Array:
        """The strategy after equal utilities that add up to `total`."""
        self.total = total
        self.strategy = project_to_simplex(self.rate * total, self.legal)
        return self.strategy

    def _next(self, utility: Array) -> Array:
        return project_to_simplex(self.strategy + self.rate * utility, self.legal)
