"""A contract of transfers: what to play, what is paid for it, and what happens when a promise is withheld."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError


@dataclass(frozen=True, eq=False)
class TransferContract:
    """What each player does in a round of a transfer game; arrays of floats or of fractions.

    On path, every payer j promises recipient i the prices t_{ji}, every player i plays x*_i, and j pays t_{ji}(a) for
    the action a that i realised. A recipient that was promised less than the contract by any payer plays its threat.

    Attributes:
        profile: x*, (lanes, players, actions).
        prices: t, (lanes, payer, recipient, actions), nonnegative, 0 where payer = recipient. For a pure x* whose
            transfers are paid only if it is played, prices are 0 at all other actions.
        threats: b, int64 (lanes, players): what a recipient plays when a promise was withheld from it.
    """

    profile: Array
    prices: Array
    threats: Array

    def __post_init__(self) -> None:
        lanes, n, most = self.profile.shape
        if self.prices.shape != (lanes, n, n, most) or self.threats.shape != (lanes, n):
            raise PalaestraError(
                f"Prices {tuple(self.prices.shape)} and threats {tuple(self.threats.shape)} do not fit a profile of "
                f"shape {tuple(self.profile.shape)}: {(lanes, n, n, most)} and {(lanes, n)} are needed."
            )
        own = range(n)
        if not (self.prices >= 0).all() or self.prices[:, own, own].any():
            raise PalaestraError("A contract's prices must be nonnegative numbers, and 0 from a player to itself.")

    @cached_property
    def transfers(self) -> Array:
        """What each payer expects to pay each recipient on path: (lanes, payer, recipient)."""
        return ordered_sum(self.prices * self.profile[:, None])
