"""A group that misreports: which group, what it reports, and the resulting preference function."""

from __future__ import annotations

from typing import Any, NamedTuple

from ...core.arrays import Array, Backend, ordered_sum


class Dissenters(NamedTuple):
    """The group of each lane whose answers may be false.

    Attributes:
        group: k, int64 (lanes,).
        share: w_k, (lanes,).
        others: (lanes, M, M): [i, j] is the share of evaluators who are outside the group and prefer i to j.
    """

    group: Array
    share: Array
    others: Array


def runner_up(tally: Array, shares: Array, xp: Any) -> Array:
    """The option second by Borda score among those that some evaluator ranks first, ties to the smaller number.

    It has most to gain, because it is close to the top and not there. Where only one option has a group, it is that
    option.

    Args:
        tally: (lanes, M, M, M) as of `pair_tally`: whole numbers, so that ties are exact.
        shares: w, (lanes, M).
        xp: Array namespace.

    Returns:
        int64 (lanes,).
    """
    scores = xp.where(shares > 0, ordered_sum(ordered_sum(tally, 1)), -1.0)
    order = xp.argsort(-scores, axis=-1, stable=True)
    alone = xp.max(shares, axis=-1) == 1.0
    return xp.where(alone, order[:, 0], order[:, 1])


def dissenters(tally: Array, whole: float, group: Array, where: Backend) -> Dissenters:
    """Take the group's part out of the profile.

    Args:
        tally: (lanes, M, M, M) as of `pair_tally`.
        whole: What to divide the tally by to get shares.
        group: k, (lanes,).
        where: Backend.
    """
    chosen = where.xp.astype(group[:, None] == where.arange(tally.shape[1]), where.xp.float64)
    own = ordered_sum(tally * chosen[:, :, None, None], 1)
    return Dissenters(group, own[:, 0, 0] * 2.0 / whole, (ordered_sum(tally, 1) - own) / whole)


def burying_weights(tally: Array, group: Array, where: Backend) -> Array:
    """A report that puts the group's option first and the others from weakest to strongest, by Borda.

    It helps k as much as possible against every other option and hurts the strongest rivals most: the classic
    manipulation of Borda (Dummett, "Voting procedures", 1984).

    Args:
        tally: (lanes, M, M, M) as of `pair_tally`: whole numbers, so that ties are exact.
        group: k, (lanes,).
        where: Backend.

    Returns:
        Weights (lanes, M), greater is better.
    """
    weights = -ordered_sum(ordered_sum(tally, 1))
    return where.xp.where(group[:, None] == where.arange(weights.shape[1]), 1.0, weights)


def reported_preference(truth: Array, who: Dissenters, weights: Array, where: Backend) -> Array:
    """The preference function when the group answers by descending weights (ties to the smaller number).

    Args:
        truth: P, (lanes, M, M).
        who: The group.
        weights: (lanes, M); where all are equal, the group answers honestly.
        where: Backend.
    """
    xp = where.xp
    rank = xp.argsort(xp.argsort(-weights, axis=-1, stable=True), axis=-1, stable=True)
    above, level = rank[:, :, None] < rank[:, None, :], rank[:, :, None] == rank[:, None, :]
    said = xp.astype(above, xp.float64) + 0.5 * xp.astype(level, xp.float64)
    true = xp.max(weights, axis=-1) == xp.min(weights, axis=-1)
    return xp.where(true[:, None, None], truth, who.others + who.share[:, None, None] * said)
