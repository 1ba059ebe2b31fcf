"""Spatial profiles: evaluators and options are points, and nearer is better."""

from __future__ import annotations

from ...core.arrays import Array, ordered_sum
from ...core.randomness import Draw


def euclidean_profile(options: int, evaluators: int, dimensions: int, draw: Draw) -> Array:
    """Rankings by distance of points that are uniform in the unit cube (Enelow and Hinich 1984).

    In one dimension preferences are single-peaked, so that with an odd number of evaluators a Condorcet winner exists.

    Args:
        options: M.
        evaluators: N.
        dimensions: Of the cube.
        draw: Random numbers of the start.

    Returns:
        Ranks, int64 (lanes, N, M), 0 is best.
    """
    xp = draw.where.xp
    ideal = draw.uniform("profile/ideal", (evaluators, 1, dimensions))
    place = draw.uniform("profile/place", (1, options, dimensions))
    order = xp.argsort(ordered_sum((ideal - place) ** 2), axis=-1, stable=True)
    return xp.argsort(order, axis=-1, stable=True)
