"""Bradley-Terry rewards: the log-strengths under which the observed comparisons are most likely."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError


def bradley_terry_rewards(wins: Array, rounds: int = 100) -> Array:
    """Maximum-likelihood rewards r with P(i > j) = exp(r_i) / (exp(r_i) + exp(r_j)), the reward model of RLHF.

    Source: Bradley and Terry 1952; the iteration: Hunter, "MM algorithms for generalized Bradley-Terry models",
    Annals of Statistics 32 (2004), section 2.

    1. s = 1.
    2. s_i <- W_i / sum_{j != i} n_ij / (s_i + s_j), with W_i the wins of i and n_ij the comparisons of i with j.
    3. Divide by the mean and repeat from 2, `rounds` times. Every round raises the likelihood.

    The number of rounds is fixed, so that a lane does not depend on others. Assumption: every option won and lost,
    possibly through chains, against every other. Otherwise strengths diverge to 0 or infinity, which pseudo-counts
    prevent (the agents add them). An option without wins gets the reward -infinity. Cost: O(rounds M^2) per lane.

    Args:
        wins: (..., M, M), [i, j] is how often i was preferred to j; the diagonal is ignored.
        rounds: Iterations, at least 1.

    Returns:
        r, (..., M).

    Raises:
        PalaestraError: rounds below 1.
    """
    if rounds < 1:
        raise PalaestraError(f"rounds={rounds!r} is not allowed: give an integer from 1.")
    own = np.eye(wins.shape[-1], dtype=bool)
    counted = np.where(own, 0.0, wins)
    met, won = counted + np.swapaxes(counted, -1, -2), ordered_sum(counted)
    strength = np.ones_like(won)
    for _ in range(rounds):
        pairs = strength[..., :, None] + strength[..., None, :]
        load = ordered_sum(met / np.where(pairs > 0, pairs, 1.0))
        strength = np.where(load > 0, won / np.where(load > 0, load, 1.0), strength)
        strength = strength / (ordered_sum(strength) / strength.shape[-1])[..., None]
    with np.errstate(divide="ignore"):
        rewards: Array = np.log(strength)
    return rewards
