"""An observation as a row of numbers, and what each of them is called."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from gymnasium import spaces

from ...core.arrays import Array


def flat_numbers(observation: Any) -> Array:
    """A batch of observations, arrays (lanes, ...) or dicts of them by the order of their keys, as (lanes, numbers)."""
    if isinstance(observation, dict):
        return np.concatenate([flat_numbers(observation[key]) for key in sorted(observation)], axis=1)
    values = np.asarray(observation, np.float64)
    return values.reshape(len(values), -1)


def flat_names(space: spaces.Space[Any], name: str = "observation") -> list[str]:
    """What the numbers of `flat_numbers` are called: "ranking[0]", "stage"."""
    if isinstance(space, spaces.Dict):
        return [one for key in sorted(space.spaces) for one in flat_names(space.spaces[key], key)]
    shape = tuple(space.shape or ())
    if not shape:
        return [name]
    places = np.stack(np.unravel_index(np.arange(prod(shape)), shape), axis=1)
    return [f"{name}[{', '.join(map(str, place))}]" for place in places.tolist()]
