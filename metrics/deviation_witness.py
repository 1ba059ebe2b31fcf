"""Witnesses of deviations from a contract: who deviates how, paid out from the base game's table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from ..core.arrays import Array
from ..core.games import Game, PolymatrixGame
from ..core.games.transfer_contract import TransferContract
from ..core.metric import Witness


class _Rounds:
    """The last rounds of all lanes, of pure play."""

    def __init__(self, game: Game, contract: TransferContract) -> None:
        self.game, self.prices, self.threats = game, contract.prices, contract.threats
        self.play: Array = contract.profile.argmax(-1)
        self.lanes, self.players = self.play.shape
        at = self.play[:, None, :, None]
        self.promised = np.take_along_axis(contract.prices, at, -1)[..., 0]

    def worth(self, player: int, action: Array, withheld: Array) -> Array:
        """What a player gets in every lane.

        Args:
            player: Who deviates.
            action: What it plays, (lanes,).
            withheld: From whom it withholds its promises, who then play their threats, boolean (lanes, players).
        """
        play: Array = np.where(withheld, self.threats, self.play)
        play[:, player] = action
        lane = np.arange(self.lanes)
        worth = self.game.payoffs_at(list(play.T), lane)[player]
        for other in range(self.players):
            kept = np.where(withheld[:, other], 0.0, self.promised[:, player, other])
            worth = worth + self.prices[lane, other, player, action] - kept
        return worth

    def withholdings(self, player: int, action: Array) -> Iterator[Array]:
        """Sets of recipients that may be worth withholding from, none included; boolean (lanes, players)."""
        nobody, paid = np.zeros((self.lanes, self.players), bool), self.promised[:, player] > 0
        yield nobody
        others = [j for j in range(self.players) if paid[:, j].any()]
        if isinstance(self.game, PolymatrixGame):
            # Payoffs add up over neighbours, so what withholding from one is worth does not depend on the others.
            now, worthwhile = self.worth(player, action, nobody), nobody.copy()
            for j in others:
                alone = nobody.copy()
                alone[:, j] = paid[:, j]
                worthwhile[:, j] = self.worth(player, action, alone) > now
            yield worthwhile
            return
        for size in range(1, len(others) + 1):
            for group in combinations(others, size):
                some = nobody.copy()
                some[:, group] = paid[:, group]
                yield some


def deviation_witnesses(game: Game, contract: TransferContract, *, at_once: bool) -> tuple[Witness, ...]:
    """The best deviation of every lane, by trying them one after the other.

    Args:
        game: The lanes' base games.
        contract: Of pure play.
        at_once: A player may withhold and play otherwise at once; else it does one of the two.
    """
    rounds = _Rounds(game, contract)
    best = np.zeros(rounds.lanes)
    words = ["no player gains by another action, nor by withholding a promise"] * rounds.lanes
    for player, count in enumerate(game.num_actions):
        own = rounds.play[:, player]
        now = rounds.worth(player, own, np.zeros(rounds.play.shape, bool))
        for number in range(count):
            action = np.full(rounds.lanes, number)
            for withheld in rounds.withholdings(player, action):
                either = (own == number) | ~withheld.any(1)
                gain = np.where(at_once | either, rounds.worth(player, action, withheld) - now, 0.0)
                for lane in np.flatnonzero(gain > best + 1e-12).tolist():
                    best[lane] = gain[lane]
                    words[lane] = _words(player, number, own[lane] == number, withheld[lane], gain[lane])
    return tuple(Witness(text, value) for text, value in zip(words, best.tolist(), strict=True))


def _words(player: int, action: int, stays: bool, withheld: Array, gain: float) -> str:
    parts, named = [], np.flatnonzero(withheld).tolist()
    if named:
        more = " and others" if len(named) > 8 else ""
        parts.append(f"withholding what it promised to {', '.join(map(str, named[:8]))}{more}")
    if not stays:
        parts.append(f"playing action {action}")
    return f"player_{player} gains {gain:.4g} by {' and '.join(parts)}"
