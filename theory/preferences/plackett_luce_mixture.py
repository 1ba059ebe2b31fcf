"""Plackett-Luce mixtures: evaluators of a few types, each with utilities of its own and a taste for the moment."""

from __future__ import annotations

from ...core.arrays import Array
from ...core.randomness import Draw
from .mixture_types import mixture_types


def plackett_luce_mixture(options: int, evaluators: int, types: int, spread: float, draw: Draw) -> Array:
    """Rankings of evaluators who sort utilities plus standard Gumbel noise (Plackett 1975, Luce 1959).

    1. Each type's utilities are `spread` times independent standard normal numbers.
    2. Evaluators get types (`mixture_types`) and rank by utility plus Gumbel, which is Plackett-Luce (Yellott 1977).

    Args:
        options: M.
        evaluators: N.
        types: How many types.
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
