"""What an agent is told before play: a dict that says which game keeps silent when something is looked up in vain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from .errors import PalaestraError


class Told(dict[str, Any]):
    """Common knowledge of a game, by name.

    Args:
        public: What the game tells.
        env_id: The game.

    Raises:
        PalaestraError: On looking up what the game does not tell; most often the agent is written for another.
    """

    def __init__(self, public: Mapping[str, Any], env_id: str = "") -> None:
        super().__init__(public)
        self.env_id = env_id

    def __missing__(self, name: str) -> NoReturn:
        """Say what there is."""
        raise PalaestraError(
            f"{self.env_id or 'This game'} provides no {name!r} in task.public, which the agent reads. It provides: "
            f"{', '.join(sorted(self)) or 'nothing'}. `palaestra show AGENT` says what a registered agent plays."
        )
