"""The actions of all players as columns by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..arrays import Array

if TYPE_CHECKING:
    pass


def flat(actions: tuple[Any, ...]) -> dict[str, Array]:
    """Every action array by column name: `player_0.action`, or `player_0.KEY` for dicts."""
    columns: dict[str, Array] = {}
    for i, action in enumerate(actions):
        parts = action if isinstance(action, dict) else {"action": action}
        columns |= {f"player_{i}.{key}": value for key, value in parts.items()}
    return columns
