"""Gamma random numbers: the rejection method of Marsaglia and Tsang with a fixed number of candidates."""

from __future__ import annotations

from ...core.arrays import Array
from ...core.randomness import Draw

TRIES = 6


def sample_gamma(shape_parameter: Array, draw: Draw, stream: str) -> Array:
    """Gamma random numbers of scale 1 (Marsaglia, Tsang, "A simple method for generating gamma variables", TOMS 2000).

    1. d = k - 1/3, c = 1 / sqrt(9 d); x normal, v = (1 + c x)^3, w uniform.
    2. Accept d v if v > 0 and log w < x^2 / 2 + d - d v + d log v, which happens with probability 0.95 or more.

    Every number has `TRIES` candidates, so that the numbers of a lane never depend on other lanes. If all are rejected
    (probability below 2e-8), the number is the mean k.

    Args:
        shape_parameter: k >= 1, (lanes, ...).
        draw: Random numbers of this step.
        stream: Their name.

    Returns:
        Float64 of the same shape.
    """
    xp, tail = draw.where.xp, tuple(shape_parameter.shape[1:])
    normal = draw.normal(f"{stream}/normal", (TRIES, *tail))
    log_uniform = xp.log(draw.uniform(f"{stream}/uniform", (TRIES, *tail)))
    d = shape_parameter - 1.0 / 3.0
    c = 1.0 / xp.sqrt(9.0 * d)
    value = shape_parameter
    for k in reversed(range(TRIES)):
        x = normal[:, k]
        v = 1.0 + c * x
        v = v * v * v
        positive = v > 0
        log_v = xp.log(xp.where(positive, v, 1.0))
        accept = positive & (log_uniform[:, k] < 0.5 * x * x + d - d * v + d * log_v)
        value = xp.where(accept, d * v, value)
    return value
