"""Statistical cultures: random profiles from Mallows, Plackett-Luce and Euclidean models."""

from __future__ import annotations

from ...core.arrays import Array, ordered_sum
from ...core.randomness import Draw


def mallows_mixture(options: int, evaluators: int, types: int, dispersion: float, draw: Draw) -> Array:
    """Rankings with probability proportional to dispersion ** (pairs swapped relative to the type's centre).

    Source: Mallows 1957; sampled exactly by repeated insertion (Doignon, Pekec, Regenwetter, Psychometrika 2004):
    1. Each type's centre is a uniformly random ranking.
    2. The options of the centre are inserted best first. The i-th goes d places before the end of those inserted so far
       with probability proportional to dispersion ** d, d = 0 ... i.

    Args:
        options: M.
        evaluators: N.
        types: Number of types.
        dispersion: phi, from 0 (all rank like the centre) to 1 (impartial culture).
        draw: Random numbers of the start.

    Returns:
        Ranks, int64 (lanes, N, M), 0 is best.
    """
    xp, where = draw.where.xp, draw.where
    centre = xp.argsort(draw.uniform("profile/centre", (types, options)), axis=-1, stable=True)
    own = mixture_types(evaluators, types, draw)
    unit = draw.uniform("profile/insertion", (evaluators, options))
    place = where.zeros((draw.lanes, evaluators, options), "int64")
    slots = where.arange(options)
    for i in range(1, options):
        weights = [dispersion**d for d in range(i + 1)]
        below, reached = xp.zeros_like(own), 0.0
        for weight in weights[:-1]:
            reached += weight
            below = below + xp.astype(unit[:, :, i] > reached / sum(weights), xp.int64)
        at = (i - below)[:, :, None]
        pushed = place + xp.astype((place >= at) & (slots < i), xp.int64)
        place = xp.where(slots == i, at, pushed)
    # place[v, i] is the rank of the centre's i-th option; sought is that of option o, so the centre's order is undone.
    undone = xp.argsort(centre, axis=-1, stable=True)
    index = own[:, :, None] + xp.zeros_like(place)
    return xp.take_along_axis(place, xp.take_along_axis(undone, index, axis=1), axis=2)


def mixture_types(evaluators: int, types: int, draw: Draw) -> Array:
    """Types, int64 (lanes, evaluators): drawn independently, with shares that are a uniform point of the simplex."""
    xp = draw.where.xp
    part = draw.exponential("profile/shares", (types,))
    unit = draw.uniform("profile/types", (evaluators,)) * ordered_sum(part)[:, None]
    own, reached = xp.zeros_like(unit, dtype=xp.int64), part[:, 0]
    for k in range(1, types):  # added left to right, so that a lane alone has the same bits
        own = own + xp.astype(unit > reached[:, None], xp.int64)
        reached = reached + part[:, k]
    return own


def plackett_luce_mixture(options: int, evaluators: int, types: int, spread: float, draw: Draw) -> Array:
    """Rankings of evaluators who sort utilities plus standard Gumbel noise (Plackett 1975, Luce 1959).

    1. Each type's utilities are `spread` times independent standard normal numbers.
    2. Evaluators get types (`mixture_types`) and rank by utility plus Gumbel noise, which is Plackett-Luce (Yellott
       1977).

    Args:
        options: M.
        evaluators: N.
        types: Number of types.
        spread: Standard deviation of utilities in units of the noise; 0 is impartial culture.
        draw: Random numbers of the start.

    Returns:
        Ranks, int64 (lanes, N, M), 0 is best.
    """
    xp = draw.where.xp
    utility = spread * draw.normal("profile/utility", (types, options))
    own = mixture_types(evaluators, types, draw)
    noise = draw.gumbel("profile/noise", (evaluators, options))
    index = own[:, :, None] + xp.zeros_like(noise, dtype=xp.int64)
    scores = xp.take_along_axis(utility, index, axis=1) + noise
    order = xp.argsort(-scores, axis=-1, stable=True)
    return xp.argsort(order, axis=-1, stable=True)


def euclidean_profile(options: int, evaluators: int, dimensions: int, draw: Draw) -> Array:
    """Rankings by distance between uniform points of the unit cube (Enelow and Hinich 1984).

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
