"""Pairwise comparisons: which pair is compared, and how evaluators answer."""

from __future__ import annotations

from ...core.arrays import Array, Backend
from ...core.randomness import Draw


def asked_pair(priorities: Array, where: Backend) -> tuple[Array, Array]:
    """The two options of the greatest priority, ties to the smaller number: int64 (lanes,) each."""
    order = where.xp.argsort(-priorities, axis=-1, stable=True)
    return order[:, 0], order[:, 1]


def answers_to(pair: tuple[Array, Array], preference: Array, count: int, draw: Draw) -> Array:
    """How `count` evaluators, each drawn at random with replacement, compare one pair per lane.

    Args:
        pair: Two different options per lane.
        preference: P by which they answer, (lanes, M, M).
        count: The number of evaluators asked.
        draw: Random numbers of the round; with the same numbers, a greater P never gives fewer wins.

    Returns:
        float64 (lanes, M, M): [i, j] is how many preferred i to j.
    """
    xp, size = draw.where.xp, preference.shape[-1]
    first, second = pair
    flat = xp.reshape(preference, (preference.shape[0], size * size))
    chance = xp.take_along_axis(flat, (first * size + second)[:, None], axis=1)
    # A number of (0, 1) is below a chance of 1 always and below a chance of 0 never: unanimity is answered as such.
    won = xp.sum(xp.astype(draw.uniform("answers", (count,)) < chance, xp.int64), axis=1)
    ids = draw.where.arange(size)
    one, other = first[:, None] == ids, second[:, None] == ids
    ahead = xp.astype(one[:, :, None] & other[:, None, :], xp.float64)
    behind = xp.astype(other[:, :, None] & one[:, None, :], xp.float64)
    wins = xp.astype(won, xp.float64)[:, None, None]
    return ahead * wins + behind * (count - wins)


def random_answers(preference: Array, count: int, draw: Draw) -> Array:
    """How evaluators, drawn at random, compare `count` uniformly random pairs per lane.

    Args:
        preference: P by which they answer, (lanes, M, M).
        count: The number of comparisons.
        draw: Random numbers of the round.

    Returns:
        float64 (lanes, M, M): [i, j] is how often i was preferred to j.
    """
    xp, size = draw.where.xp, preference.shape[-1]
    first = draw.integers("first", size, (count,))
    second = (first + 1 + draw.integers("second", size - 1, (count,))) % size
    flat = xp.reshape(preference, (preference.shape[0], size * size))
    chance = xp.take_along_axis(flat, first * size + second, axis=1)
    upward = draw.uniform("answers", (count,)) < chance
    cell = xp.where(upward, first * size + second, second * size + first)
    hits = xp.sum(xp.astype(cell[:, :, None] == draw.where.arange(size * size), xp.int64), axis=1)
    return xp.reshape(xp.astype(hits, xp.float64), tuple(preference.shape))
