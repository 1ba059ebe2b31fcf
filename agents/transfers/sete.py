"""Sete: commit to transfers that make a stationary point of the welfare an equilibrium (SETE).

Every player solves the same commonly known game in the same way, promises what the contract of
`theory.games.sete.sete_contract` asks of it, plays the prescribed action if it was promised at least its due by
everybody, and its threat (a best response without transfers) otherwise.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from ...theory.games.sete import sete_contract
from ...theory.games.stationary_profile import Solver, stationary_profile
from .transfer_player import TransferPlayer

SHORTFALL = 1e-9


class Sete(TransferPlayer):
    """Plays a self-enforcing contract with transfers.

    Source: Liu, Farina, Ozdaglar (arXiv 2606.20960); algorithm and contract are our reconstruction (transfers sheet
    1b, 1b').

    1. From a start that all players share, climb the welfare W to a stationary point: by projected gradient,
       multiplicative weights or best responses; or take the exact optimum.
    2. Make it pure by one sweep of best responses for W, which never lowers W, and repair until stationary.
    3. Build transfers and threats; promise, watch, play.

    Assumptions: everybody plays this agent with the same options; payoffs are pairwise (in other games a payer may
    gain by withholding from several at once). It cannot react to a second equilibrium chosen by others: a seat that
    is not promised its due plays its threat. Where `max_transfer` is too small for the contract, promises are cut to
    it, and so is what recipients insist on; the play may then be no equilibrium.

    Args:
        solver: How to find the stationary point.
        start: Seed of the common start, uniform on the simplices.
        most_steps: Of the ascent; what it leaves, best responses finish.
    """

    learns: ClassVar[bool] = False

    def __init__(self, solver: Solver = "projected_gradient", start: int = 0, most_steps: int = 500) -> None:
        if solver not in ("projected_gradient", "multiplicative_weights", "best_response", "optimum"):
            raise PalaestraError(
                f"solver={solver!r} is not allowed: 'projected_gradient', 'multiplicative_weights', "
                "'best_response' or 'optimum'."
            )
        if most_steps < 0:
            raise PalaestraError(f"most_steps={most_steps} is not allowed: it counts steps, from 0.")
        self.solver, self.start, self.most_steps = solver, start, most_steps

    def prepare(self) -> None:
        """Solve the lanes' games and write down the contract."""
        profile = stationary_profile(self.game, self.solver, self.start, self.most_steps)
        contract = sete_contract(self.game, profile)
        prices = np.minimum(contract.prices, self.most_transfer)
        self.targets = np.argmax(profile, axis=-1)
        self.threat = contract.threats[:, self.seat]
        if self.contingent:
            self.offer, self.due = prices[:, self.seat], prices[:, :, self.seat]
        else:
            amounts = ordered_sum(prices * profile[:, None])
            self.offer, self.due = amounts[:, self.seat], amounts[:, :, self.seat]

    def promise(self, observation: Any, nothing: Array) -> tuple[Array, Array | None]:
        """The contract's transfers."""
        targets = np.broadcast_to(self.targets, (self.lanes, self.targets.shape[1]))
        return nothing + self.offer, np.array(targets)

    def choose(self, observation: Any) -> Array:
        """The prescribed action if every payer promised what is due, else the threat."""
        own, amounts = self.targets[:, self.seat], observation["amounts"][:, :, self.seat]
        kept = amounts >= self.due - SHORTFALL
        if self.contingent:
            kept = kept.all(-1)
        else:
            kept &= (observation["targets"][:, :, self.seat] == own[:, None]) | (self.due <= SHORTFALL)
        return np.where(kept.all(-1), own, self.threat)
