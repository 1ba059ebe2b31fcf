"""Mallows mixtures: evaluators of a few types, each type scattered around a ranking of its own."""

from __future__ import annotations

from ...core.arrays import Array
from ...core.randomness import Draw
from .mixture_types import mixture_types


def mallows_mixture(options: int, evaluators: int, types: int, dispersion: float, draw: Draw) -> Array:
    """Rankings with probability in proportion to dispersion ** (pairs swapped against the type's centre).

    Source: Mallows 1957; sampled exactly by repeated insertion (Doignon, Pekec, Regenwetter, Psychometrika 2004):
    1. Each type's centre is a uniformly random ranking.
    2. The centre's options are inserted best first; the i-th goes d places from the end of those before it with
       probability in proportion to dispersion ** d, d = 0 ... i.

    Args:
        options: M.
        evaluators: N.
        types: How many types.
        dispersion: phi, from 0 (everybody ranks like the centre) to 1 (impartial culture).
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
