"""Sete: commits to transfers that make a stationary point of the welfare an equilibrium (SETE).

All players solve the same commonly known game in the same way. Each promises what the contract of
`theory.games.sete.sete_contract` prescribes. It plays the prescribed action if all others promised at least their due,
and its threat (a best response without transfers) otherwise.
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
"""A promise that misses its due by at most this much counts as kept."""


class Sete(TransferPlayer):
    """Plays a self-enforcing contract with transfers.

    Source: Liu, Farina, Ozdaglar (arXiv 2606.20960); algorithm and contract are our reconstruction.

    1. From a start that all players share, climb the welfare W to a stationary point: by projected gradient,
       multiplicative weights or best responses; or take the exact optimum.
    2. Make it pure by one sweep of best responses for W, which never lowers W, and repair until stationary.
    3. Build transfers and threats; promise, watch, play.

    Assumptions: all players use this agent with the same options; payoffs are pairwise (in other games a payer may gain
    by withholding from several players at once). It cannot react to another equilibrium that others choose: a seat that
    is not promised its due plays its threat. If `max_transfer` is too small for the contract, promises are cut to it,
    and so is what recipients demand; the play may then not be an equilibrium.

    Args:
        solver: How to find the stationary point.
        start: Seed of the common start, uniform on the simplices.
        most_steps: Steps of the ascent at most; best responses finish from there.
    """

    learns: ClassVar[bool] = False

    def __init__(self, solver: Solver = "projected_gradient", start: int = 0, most_steps: int = 500) -> None:
        if solver not in ("projected_gradient", "multiplicative_weights", "best_response", "optimum"):
            raise PalaestraError(
                f"solver={solver!r} is not allowed. Allowed: 'projected_gradient', 'multiplicative_weights', "
                "'best_response', 'optimum'."
            )
        if most_steps < 0:
            raise PalaestraError(f"most_steps={most_steps} is not allowed: give an integer from 0.")
        self.solver, self.start, self.most_steps = solver, start, most_steps

    def prepare(self) -> None:
        """Solve the lanes' games and compute the contract."""
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
        """The prescribed action if every payer promised its due, else the threat."""
        own, amounts = self.targets[:, self.seat], observation["amounts"][:, :, self.seat]
        kept = amounts >= self.due - SHORTFALL
        if self.contingent:
            kept = kept.all(-1)
        else:
            kept &= (observation["targets"][:, :, self.seat] == own[:, None]) | (self.due <= SHORTFALL)
        return np.where(kept.all(-1), own, self.threat)
