"""The witness of a deviation gain: who deviates and how, with payoffs read from the base game's table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from ...core.arrays import Array
from ...core.metric import Witness
from ...theory.games import Game, PolymatrixGame
from ...theory.games.transfer_contract import TransferContract


class _Round:
    """The last round of one lane, of pure play."""

    def __init__(self, game: Game, contract: TransferContract) -> None:
        self.game, self.prices, self.threats = game, contract.prices[0], contract.threats[0]
        self.play: Array = contract.profile[0].argmax(-1)
        self.players = len(self.play)
        self.promised = np.take_along_axis(self.prices, self.play[None, :, None], -1)[..., 0]

    def worth(self, player: int, action: int, withheld: Array) -> float:
        """The payoff of a player, transfers included.

        Args:
            player: Who deviates.
            action: What it plays.
            withheld: From whom it withholds its promises; these players play their threats. Boolean (players,).
        """
        play: Array = np.where(withheld, self.threats, self.play)
        play[player] = action
        worth = float(self.game.payoffs_at(list(play[:, None]))[player][0])
        for other in range(self.players):
            kept = 0.0 if withheld[other] else float(self.promised[player, other])
            worth = worth + float(self.prices[other, player, action]) - kept
        return worth

    def withholdings(self, player: int, action: int) -> Iterator[Array]:
        """Sets of recipients that may be worth withholding from, the empty set first; boolean (players,)."""
        nobody = np.zeros(self.players, bool)
        yield nobody
        others = np.flatnonzero(self.promised[player] > 0).tolist()
        if isinstance(self.game, PolymatrixGame):
            # Payoffs add up over neighbours, so the value of withholding from one does not depend on the others.
            now, worthwhile = self.worth(player, action, nobody), nobody.copy()
            for j in others:
                alone = nobody.copy()
                alone[j] = True
                worthwhile[j] = self.worth(player, action, alone) > now
            yield worthwhile
            return
        for size in range(1, len(others) + 1):
            for group in combinations(others, size):
                some = nobody.copy()
                some[list(group)] = True
                yield some


def deviation_witness(game: Game, contract: TransferContract, *, at_once: bool) -> Witness:
    """The best deviation in a lane, found by trying all of them.

    Args:
        game: The lane's base game.
        contract: Of pure play, one lane.
        at_once: Whether a player may withhold and play another action at once; otherwise it does one of the two.
    """
    last = _Round(game, contract)
    best = Witness("no player gains by another action, nor by withholding a promise", 0.0)
    for player, count in enumerate(game.num_actions):
        own = int(last.play[player])
        now = last.worth(player, own, np.zeros(last.players, bool))
        for action in range(count):
            for withheld in last.withholdings(player, action):
                if at_once or action == own or not withheld.any():
                    gain = last.worth(player, action, withheld) - now
                    if gain > best.value + 1e-12:
                        best = Witness(_words(player, action, action == own, withheld, gain), gain)
    return best


def _words(player: int, action: int, stays: bool, withheld: Array, gain: float) -> str:
    parts, named = [], np.flatnonzero(withheld).tolist()
    if named:
        more = " and others" if len(named) > 8 else ""
        parts.append(f"withholding what it promised to {', '.join(map(str, named[:8]))}{more}")
    if not stays:
        parts.append(f"playing action {action}")
    return f"player_{player} gains {gain:.4g} by {' and '.join(parts)}"
