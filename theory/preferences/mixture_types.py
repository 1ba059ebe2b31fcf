"""Which type each evaluator of a mixture is of."""

from __future__ import annotations

from ...core.arrays import Array, ordered_sum
from ...core.randomness import Draw


def mixture_types(evaluators: int, types: int, draw: Draw) -> Array:
    """Types int64 (lanes, evaluators): the types' shares are a uniform point of the simplex, evaluators independent."""
    xp = draw.where.xp
    part = draw.exponential("profile/shares", (types,))
    unit = draw.uniform("profile/types", (evaluators,)) * ordered_sum(part)[:, None]
    own, reached = xp.zeros_like(unit, dtype=xp.int64), part[:, 0]
    for k in range(1, types):  # added left to right, so that a lane alone has the same bits
        own = own + xp.astype(unit > reached[:, None], xp.int64)
        reached = reached + part[:, k]
    return own
