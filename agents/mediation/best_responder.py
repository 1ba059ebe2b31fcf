"""BestResponder: accepts an offer that is worth at least what rejecting alone would bring, else plays its best reply.

Source: Liu, Farina and Ozdaglar, "Equilibrium with Internal Transfers" (arXiv 2606.20960): an
offer is an equilibrium if and only if u_i(x*) + tau_i >= v_i for every player i.

1. Rejecting alone is worth v_i = max_a sum_y p(y) u_i(a, y), where p is the offer's punishment for this seat.
2. Accept if u_i(x*) + tau_i >= v_i - 1e-9 (offers are counted in coins); play the maximiser of v_i otherwise.

Assumes that all others accept: if others reject too, it still best-responds to its own punishment. It takes the first
of several best replies. Cost: one pass over its payoffs per answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Agent, Task
from ...core.arrays import Array, ordered_sum

TOLERANCE = 1e-9


class BestResponder(Agent):
    """Compares the offer with its outside option."""

    learns: ClassVar[bool] = False
    plays: ClassVar[tuple[str, ...]] = ("MediatedGame-v0",)

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Remember the seat; the game is read from the first observation."""
        self.source, self.player, self.lanes = task.public["source"], task.player, lanes
        self.payoffs: Array = None

    def act(self, observation: Any) -> dict[str, Array]:
        """Whether to accept, and the best reply to the punishment, in every lane."""
        if self.payoffs is None:
            self.payoffs = self._own_payoffs(observation.get("payoffs"))
        lanes, actions = self.payoffs.shape[0], self.payoffs.shape[1]
        others = self.payoffs.reshape(lanes, actions, -1)
        punishment = observation["punishments"][:, self.player, : others.shape[2]]
        rejecting = ordered_sum(others * punishment[:, None, :])
        accept = self._offered(observation) >= rejecting.max(axis=1) - TOLERANCE
        return {"accept": accept.astype(np.int64), "play": rejecting.argmax(axis=1)}

    def _own_payoffs(self, payoffs: Array | None) -> Array:
        """u_i with the player's own action first: (lanes or 1, A_i, the others' actions in the order of seats)."""
        whole = self.source.game(payoffs).normal_form()
        return np.moveaxis(whole.payoffs[:, self.player], self.player + 1, 1)

    def _offered(self, observation: Any) -> Array:
        profile = observation["profile"]
        lane = np.arange(self.lanes) if self.payoffs.shape[0] > 1 else np.zeros(self.lanes, np.int64)
        others = [profile[:, j] for j in range(profile.shape[1]) if j != self.player]
        return self.payoffs[(lane, profile[:, self.player], *others)] + observation["transfers"][:, self.player]
