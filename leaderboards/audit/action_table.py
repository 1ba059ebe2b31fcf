"""Some actions of a space as a table, from which every lane takes one by its number."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from gymnasium import spaces

from ...core.arrays import Array


class ActionTable:
    """Actions by number.

    Args:
        actions: Elements of one space, at least one.
    """

    def __init__(self, actions: Sequence[Any]) -> None:
        self.count, self.leaves = len(actions), _stacked(actions)

    def take(self, numbers: Array) -> Any:
        """The actions with these numbers (lanes,), which wrap around, as a batch."""
        return _taken(self.leaves, np.asarray(numbers) % self.count)


def _stacked(actions: Sequence[Any]) -> Any:
    if isinstance(actions[0], dict):
        return {key: _stacked([action[key] for action in actions]) for key in actions[0]}
    return np.stack([np.asarray(action) for action in actions])


def _taken(leaves: Any, numbers: Array) -> Any:
    if isinstance(leaves, dict):
        return {key: _taken(part, numbers) for key, part in leaves.items()}
    return leaves[numbers]


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
