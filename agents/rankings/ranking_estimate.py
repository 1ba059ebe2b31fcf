"""Algorithm 1 of the ranking-feedback paper: utilities estimated from the last rankings."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum


class RankingEstimate:
    """Estimate({sigma_s}, tau) over a sliding window (arXiv 2603.19221, Algorithm 1), over lanes.

    1. In each ranking, share_j = n1 / (n1 + n2), where n1 counts the pairs in which action j is ahead of the reference
       (the last action), and n2 those in which it is behind; rankings without such a pair do not count for j.
    2. u~(j) - u(ref) = tau * logit(mean of the shares in the window), projected on the range of differences; 0 where
       no ranking counts. The logit inverts E[share_j] = sigmoid((u(j) - u(ref)) / tau) (Lemma E.1).

    Assumes that tau is known, tau > 0, and that the reference is proposed often. At tau = 0 a share says only which
    action leads: the estimate is 0 or an end of the range. Error: Theorem 5.1. Sums over the window are updated by
    adding the ranking that enters and subtracting the one that leaves, O(K A) per round for any window; memory is
    window * A per lane.

    Args:
        lanes: Number of lanes.
        actions: A.
        window: m, rankings that count.
        temperature: tau.
        low: Least difference to the reference.
        high: Greatest difference to the reference.
    """

    def __init__(self, lanes: int, actions: int, window: int, temperature: float, low: float, high: float) -> None:
        self.window, self.temperature, self.low, self.high = window, temperature, low, high
        self._actions = np.arange(actions)
        self._shares = np.zeros((window, lanes, actions))
        self._counts = np.zeros((window, lanes, actions), bool)
        self._share = np.zeros((lanes, actions))
        self._count = np.zeros((lanes, actions), np.int64)
        self._seen = 0

    def add(self, ranking: Array) -> None:
        """Let one ranking (lanes, K) of action ids, best first, enter the window."""
        share, counts = pair_shares(ranking, self._actions)
        slot = self._seen % self.window
        self._share = self._share - self._shares[slot] + share
        self._count = self._count - self._counts[slot] + counts
        self._shares[slot], self._counts[slot] = share, counts
        self._seen += 1

    def differences(self) -> Array:
        """u~ - u~(ref), (lanes, A); 0 for the reference."""
        known = self._count > 0
        mean = np.where(known, self._share / np.maximum(self._count, 1), 0.5)
        # Running sums may leave [0, 1] by rounding; an exact 0 or 1 means the end of the range.
        inside = np.clip(mean, 1e-12, 1 - 1e-12)
        estimate = self.temperature * (np.log(inside) - np.log1p(-inside))
        estimate = np.where(mean <= 1e-12, self.low, np.where(mean >= 1 - 1e-12, self.high, estimate))
        estimate = np.clip(estimate, self.low, self.high)
        estimate[:, -1] = 0.0
        return estimate


def pair_shares(ranking: Array, actions: Array) -> tuple[Array, Array]:
    """How often each action is ahead of the last one, among the pairs of their occurrences.

    Args:
        ranking: (lanes, K) action ids, best first; repeats allowed.
        actions: 0, ..., A - 1.

    Returns:
        The share of pairs (lanes, A), 0 where there is no pair; and whether there is a pair.
    """
    references = ranking == actions[-1]
    seen = np.cumsum(references, axis=1)
    behind = seen[:, -1:] - seen
    occurs = ranking[:, :, None] == actions
    ahead = ordered_sum(occurs * behind[:, :, None], 1)
    pairs = ordered_sum(occurs.astype(np.int64), 1) * seen[:, -1:]
    return ahead / np.maximum(pairs, 1), pairs > 0


def importance_weighted(actions: Array, utilities: Array, strategy: Array) -> Array:
    """(1 / K) sum_k 1{a_k = a} u_k / pi(a): for independent draws its mean is u(a) wherever pi(a) > 0.

    Args:
        actions: int64 (lanes, K), drawn from `strategy`.
        utilities: (lanes, K), of these.
        strategy: pi, (lanes, A).

    Returns:
        (lanes, A).
    """
    weighted = utilities / np.take_along_axis(strategy, actions, 1)
    hits = actions[:, :, None] == np.arange(strategy.shape[1])
    return ordered_sum(hits * weighted[:, :, None], 1) / actions.shape[1]
