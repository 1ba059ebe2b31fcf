"""Observations as learning libraries need them: a flat dict, and discrete numbers along one axis."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium import spaces


class FlatSpace:
    """A space without nested dicts and without MultiDiscrete of several axes, and how to get there.

    Entries of nested dicts are named by their path, "market/prices". A space that has neither stays as it is.

    Args:
        space: Of one lane.
    """

    def __init__(self, space: spaces.Space[Any]) -> None:
        self.parts: dict[str, FlatSpace] = {}
        self.space = space
        if isinstance(space, spaces.Dict):
            self.parts = {key: FlatSpace(part) for key, part in space.spaces.items()}
            self.space = spaces.Dict(self._merged({key: part.space for key, part in self.parts.items()}))
        elif isinstance(space, spaces.MultiDiscrete) and len(space.shape) > 1:
            self.space = spaces.MultiDiscrete(np.asarray(space.nvec).reshape(-1), dtype=space.dtype)

    def values(self, batch: Any) -> Any:
        """A batch of elements, arrays (lanes, ...) or dicts of them, as elements of the flat space."""
        if self.parts:
            return self._merged({key: part.values(batch[key]) for key, part in self.parts.items()})
        return np.asarray(batch).reshape(len(batch), *(self.space.shape or ()))

    @staticmethod
    def _merged(parts: dict[str, Any]) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for key, part in parts.items():
            nested = part.spaces if isinstance(part, spaces.Dict) else part if isinstance(part, dict) else None
            merged |= {key: part} if nested is None else {f"{key}/{name}": one for name, one in nested.items()}
        return merged
