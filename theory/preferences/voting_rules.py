"""Voting rules: from a preference function to a policy over options."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from ..games.matrix_game import punishing_mixture


def greatest_shares(preference: Array) -> Array:
    """u_i = min over other options j of P(i > j), an upper bound on the share of evaluators who rank i first.

    An evaluator who ranks i first prefers it to each j, so the group of i is no larger.

    Source: Kim, Zhang, Ozdaglar and Parrilo, arXiv 2506.05619 (ICLR 2026): u bounds the feasible population shares.

    Args:
        preference: P, (..., M, M), floats or fractions.

    Returns:
        (..., M).
    """
    own = np.eye(preference.shape[-1], dtype=bool)
    greatest: Array = np.where(own, preference * 0 + 2, preference).min(-1)
    return greatest


def level_best(scores: Array) -> Array:
    """The uniform distribution over the best options, (..., M) from (..., M), so that ties do not favour low numbers.

    Fractions stay fractions.
    """
    best = scores == scores.max(-1, keepdims=True)
    unit: Array = np.array([Fraction(0), Fraction(1)]) if scores.dtype == object else np.array([0.0, 1.0])
    ones = unit[best.astype(np.int64)]
    policy: Array = ones / np.asarray(ordered_sum(ones))[..., None]  # a bare fraction for one lane of fractions
    return policy


def proportional_policy(preference: Array, beta: float = 0.0) -> Array:
    """F^beta of a preference function.

    Source: Kim, Zhang, Ozdaglar and Parrilo, "Beyond RLHF and NLHF: Population-Proportional Alignment under an
    Axiomatic Framework", arXiv 2506.05619 (ICLR 2026).

    1. u_i = min_j P(i > j) (`greatest_shares`).
    2. pi(i) = u_i exp(beta u_i) / sum_j u_j exp(beta u_j). beta = 0 is F*; as beta grows to infinity it becomes the
       minimax rule of Simpson and Kramer.

    For every P that comes from rankings, u sums to 1 or more, so the policy is defined, and F* gives each group at
    least 1 / sum u of its share, the best guarantee of any function of P (preferences.md B(c) 2, our reconstruction of
    the proof). Where P does not come from rankings and every u is 0, the policy is uniform. Cost: O(M^2).

    Args:
        preference: P, (..., M, M); fractions stay fractions at beta = 0 and become floats otherwise.
        beta: At least 0.

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


def minimax_policy(preference: Array) -> Array:
    """All probability on the options of the greatest min_j P(i > j), shared equally among ties.

    It elects a Condorcet winner where there is one, and is the limit of F^beta (arXiv 2506.05619).

    Args:
        preference: P, (..., M, M), floats or fractions.
    """
    return level_best(greatest_shares(preference))


def borda_policy(preference: Array) -> Array:
    """All probability on the options of the greatest sum_j P(i > j), shared equally among ties.

    RLHF without regularisation converges to this: with complete comparisons, the maximum-likelihood
    Bradley-Terry rewards have the order of Borda scores (arXiv 2506.05619, Proposition C.1).

    Args:
        preference: P, (..., M, M), floats or fractions.
    """
    return level_best(ordered_sum(preference))


def copeland_policy(preference: Array) -> Array:
    """All probability on the options with most majority wins, shared equally among ties; a drawn duel counts half.

    Args:
        preference: P, (..., M, M), floats or fractions. Only P(i > j) against P(j > i) matters.
    """
    other = np.swapaxes(preference, -1, -2)
    wins = (preference > other).astype(np.float64) + (preference >= other)
    return level_best(ordered_sum(wins))


def maximal_lottery(preference: Array) -> Array:
    """A von Neumann winner of a preference function: NLHF without regularisation.

    Source: Kreweras 1965; Fishburn, "Probabilistic social choice based on simple voting comparisons", 1984; as NLHF:
    Munos et al., arXiv 2312.00886. The symmetric zero-sum game with payoffs P(i > j) - P(j > i) has value 0; the
    policy is an optimal strategy of it, found by the certified solver `punishing_mixture` for each lane. Where several
    are optimal (even numbers of evaluators), it is one of them, always the same for the same P.

    Args:
        preference: P, (..., M, M).

    Raises:
        PalaestraError: Neither solver finished.
    """
    given = np.asarray(preference, np.float64)
    margins = given - np.swapaxes(given, -1, -2)
    flat = margins.reshape((-1, *margins.shape[-2:]))
    mixtures = [punishing_mixture(lane) for lane in flat]
    return np.stack(mixtures).reshape(margins.shape[:-1])
