"""SocialOptimum: play the profile of greatest welfare, promise nothing.

The exact optimum (enumeration or MILP) without a contract: best for all together, and often against a player's own
interest. The distance between its welfare and its deviation gain is what transfers are for.
"""

from __future__ import annotations

from typing import Any, ClassVar

from ...core.arrays import Array
from ...theory.games.welfare_optimum import welfare_optimum
from .transfer_player import TransferPlayer


class SocialOptimum(TransferPlayer):
    """Plays its part of a welfare optimum, the first in lexicographic order."""

    learns: ClassVar[bool] = False

    def prepare(self) -> None:
        """Solve the lanes' games."""
        self.part = welfare_optimum(self.game).profile[:, self.seat]

    def choose(self, observation: Any) -> Array:
        """The optimal action, whatever was promised."""
        return self.part
