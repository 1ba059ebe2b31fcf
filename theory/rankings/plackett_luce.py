"""Plackett-Luce: random rankings from utilities and a temperature, over lanes."""

from __future__ import annotations

from ...core.arrays import Array, take_in_rows
from ...core.randomness import Draw


def sample_rankings(
    utilities: Array, temperature: float, draw: Draw, items: Array | None = None, stream: str = "ranking"
) -> Array:
    """Rankings with P(sigma) = prod_k exp(r(sigma_k) / tau) / sum_{l >= k} exp(r(sigma_l) / tau).

    Sorting r + tau * Gumbel samples exactly this distribution (Yellott 1977), also with repeated items. At tau = 0 it
    sorts, and ties go to the item that comes first.

    Args:
        utilities: r, float64 (lanes, A).
        temperature: tau, at least 0, in the unit of the utilities.
        draw: Random numbers of this step.
        items: int64 (lanes, K): what is ranked, repeats allowed; None: every action once.
        stream: Name of the random numbers.

    Returns:
        int64 (lanes, A or K): action ids, best first.
    """
    xp = draw.where.xp
    scores = utilities if items is None else take_in_rows(utilities, items, draw.where)
    if temperature > 0:
        scores = scores + temperature * draw.gumbel(stream, tuple(scores.shape[1:]))
    order = xp.argsort(-scores, axis=-1, stable=True)
    return order if items is None else take_in_rows(items, order, draw.where)
