"""F* and F^beta: policies in proportion to the greatest shares that pairwise comparisons allow."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from .greatest_shares import greatest_shares


def proportional_policy(preference: Array, beta: float = 0.0) -> Array:
    """F^beta of a preference function.

    Source: Kim, Zhang, Ozdaglar and Parrilo, "Beyond RLHF and NLHF: Population-Proportional Alignment under an
    Axiomatic Framework", arXiv 2506.05619 (ICLR 2026).

    1. u_i = min_j P(i > j) (`greatest_shares`).
    2. pi(i) = u_i exp(beta u_i) / sum_j u_j exp(beta u_j). beta = 0 is F*; for beta to infinity it is the minimax
       rule of Simpson and Kramer.

    For every P that comes from rankings u sums to 1 or more, so the policy is defined, and F* gives each group at
    least 1 / sum u of its share, the best that any function of P can promise (preferences.md B(c) 2, our
    reconstruction of the proof). Where P comes from no rankings and every u is 0, the policy is uniform. Cost O(M^2).

    Args:
        preference: P, (..., M, M); fractions stay fractions at beta = 0 and become floats elsewhere.
        beta: From 0.

    Raises:
        PalaestraError: A beta below 0 or not finite.
    """
    if not 0 <= beta < float("inf"):
        raise PalaestraError(f"beta={beta!r} is not allowed: give a finite number from 0 (for infinity: minimax).")
    weight = greatest_shares(preference)
    if beta > 0:
        share = weight.astype(np.float64)
        weight = share * np.exp(beta * (share - share.max(-1, keepdims=True)))
    total = np.asarray(ordered_sum(weight))[..., None]  # the sum of one lane of fractions is a bare fraction
    some = total > 0
    policy: Array = np.where(some, weight / np.where(some, total, 1), 1.0 / weight.shape[-1])
    return policy
