"""SocialOptimum: plays the profile of greatest welfare and promises nothing.

The exact optimum (enumeration or MILP) without a contract: best for all together, and often against a player's own
interest. Transfers are meant to reach its welfare without its deviation gain.
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
        """The action of the optimum, whatever was promised."""
        return self.part
