"""Some actions of a space, laid out so that every lane can take one by its number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

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
