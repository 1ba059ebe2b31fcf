"""Actions as a person types them: what is expected, and what was typed as an element of the space."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from gymnasium import spaces

from ..core.errors import PalaestraError

MOST_SHOWN = 12
"""Bounds that are listed where they differ from number to number."""


def expected(space: spaces.Space[Any]) -> str:
    """What to type for a Discrete, MultiDiscrete or Box space, in a line."""
    if isinstance(space, spaces.Discrete):
        return f"a whole number from {int(space.start)} to {int(space.start + space.n - 1)}"
    shape = tuple(space.shape or ())
    count, kind = prod(shape), "numbers" if isinstance(space, spaces.Box) else "whole numbers"
    several = f"{count} {kind} with spaces between," if count > 1 else f"a {kind[:-1]}"
    shaped = f", row by row ({' by '.join(map(str, shape))})" if len(shape) > 1 else ""
    spread = "; one number alone stands for all" if count > 1 else ""
    return f"{several} {_bounds(space)}{shaped}{spread}"


def _bounds(space: spaces.Space[Any]) -> str:
    if isinstance(space, spaces.Box):
        low, high = np.ravel(space.low), np.ravel(space.high)
    elif isinstance(space, spaces.MultiDiscrete):
        high = np.ravel(space.nvec) - 1
        low = np.zeros_like(high)
    else:
        raise PalaestraError(f"Actions of {space} cannot be typed: only Discrete, MultiDiscrete, Box and Dict can.")
    if (low == low[0]).all() and (high == high[0]).all():
        each = "each " if len(low) > 1 else ""
        return f"{each}from {low[0]:g} to {high[0]:g}"
    pairs = [f"{a:g} to {b:g}" for a, b in zip(low, high, strict=True)]
    return f"from {', '.join(pairs[:MOST_SHOWN])}{', ...' if len(pairs) > MOST_SHOWN else ''}"


def typed_action(space: spaces.Space[Any], text: str) -> Any:
    """The element of a Discrete, MultiDiscrete or Box space that a text says; bounds are not looked at.

    Raises:
        PalaestraError: No numbers, or not as many as the space has.
    """
    words = text.replace(",", " ").split()
    try:
        numbers = [float(word) if isinstance(space, spaces.Box) else int(word) for word in words]
    except ValueError:
        raise PalaestraError(f"{text!r} is not {expected(space)}.") from None
    if isinstance(space, spaces.Discrete):
        if len(numbers) != 1:
            raise PalaestraError(f"{len(numbers)} numbers were typed. Type {expected(space)}.")
        return np.int64(numbers[0])
    count = prod(space.shape or ())
    if len(numbers) == 1:
        numbers *= count
    if len(numbers) != count:
        raise PalaestraError(f"{len(numbers)} numbers were typed. Type {expected(space)}.")
    return np.array(numbers, np.float64 if isinstance(space, spaces.Box) else np.int64).reshape(space.shape or ())
