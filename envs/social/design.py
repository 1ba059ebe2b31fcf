"""What a planner's action says: who trains the AIs, how fast they learn, and who relies on them how much."""

from __future__ import annotations

from typing import NamedTuple

from ...core.arrays import Array, ordered_sum
from ...theory.social.layout import turned
from .seat_settings import DesignChoice
from .society import Societies, Society

SLOWEST = 0.99
"""rho is kept within [1 - SLOWEST, SLOWEST] where the planner chooses it."""


class Design(NamedTuple):
    """One round's design; arrays end with lanes.

    Attributes:
        rows: Training weights of each AI on each topic, (A, K, C, lanes), rows that add up to 1 or are zeros.
        active: Which AIs are deployed, boolean (A, K, lanes).
        reliance: beta of each community on each topic, (C, K, lanes); 0 if no AI is deployed.
        learning_rate: 1 - rho, (lanes,).
        local: Whether the design is local, boolean (lanes,).
    """

    rows: Array
    active: Array
    reliance: Array
    learning_rate: Array
    local: Array


class DesignReader:
    """Reads actions: rows of training weights (global first), then the speed, then the choice of design.

    Args:
        societies: For their topics and communities.
        speed: rho, or None if the action chooses it.
        choice: "global", "local" or "choose".
    """

    def __init__(self, societies: Societies, speed: float | None, choice: DesignChoice) -> None:
        self.societies, self.speed, self.choice = societies, speed, choice
        self.by_topic = societies.settings.informed == "community"
        communities, topics = societies.communities, societies.topics
        self.aggregators = communities if choice != "global" and not self.by_topic else 1
        self.global_rows = 0 if choice == "local" else 1
        self.local_rows = 0 if choice == "global" else (topics if self.by_topic else communities)
        self.weights = (self.global_rows + self.local_rows) * communities
        self.size = self.weights + (speed is None) + (choice == "choose")

    def __call__(self, action: Array, society: Society) -> Design:
        """The design of actions (lanes, size)."""
        societies, xp = self.societies, self.societies.xp
        lanes = action.shape[0]

        # rows of training weights, divided by their sums; a row of zeros deploys nothing
        numbers = turned(action, xp)
        table = numbers[: self.weights].reshape((-1, societies.communities, lanes))
        total = ordered_sum(table, 1)
        some = total > 0
        table = table / xp.where(some, total, xp.ones_like(total))[:, None, :]

        # the speed, and which design is in force
        learning_rate = 1.0 - self._speed(numbers, lanes)
        local = (
            numbers[-1] >= 0.5
            if self.choice == "choose"
            else societies.where.full((lanes,), self.choice == "local", "bool")
        )

        # the weights of the global and of the local AIs, by lane the ones in force
        shape = (self.aggregators, societies.topics)
        rows = active = None
        if self.global_rows:
            rows = xp.broadcast_to(table[0], (*shape, *table.shape[1:]))
            active = xp.broadcast_to(some[0], (*shape, lanes))
        if self.local_rows:
            own, deployed = self._local(table[self.global_rows :], some[self.global_rows :], shape)
            rows = own if rows is None else xp.where(local, own, rows)
            active = deployed if active is None else xp.where(local, deployed, active)
        return Design(rows, active, self._reliance(society, local, active), learning_rate, local)

    def _speed(self, numbers: Array, lanes: int) -> Array:
        if self.speed is not None:
            return self.societies.where.full((lanes,), self.speed)
        chosen: Array = self.societies.xp.clip(numbers[self.weights], 1.0 - SLOWEST, SLOWEST)
        return chosen

    def _local(self, table: Array, some: Array, shape: tuple[int, int]) -> tuple[Array, Array]:
        """One row per topic, or per community; there a row of zeros among others stands for the community itself."""
        xp, where = self.societies.xp, self.societies.where
        full = (*shape, *table.shape[1:])
        if self.by_topic:
            return xp.broadcast_to(table[None], full), xp.broadcast_to(some[None], (*shape, table.shape[-1]))
        itself = where.asarray([[float(c == d) for d in range(shape[0])] for c in range(shape[0])])[:, :, None]
        filled = xp.where(some[:, None, :], table, itself)
        anybody = ordered_sum(xp.astype(some, xp.float64), 0) > 0
        return xp.broadcast_to(filled[:, None], full), xp.broadcast_to(anybody, (*shape, table.shape[-1]))

    def _reliance(self, society: Society, local: Array, active: Array) -> Array:
        """Reliance (C, K, lanes); if every community has its own AI, all are deployed or none is."""
        societies, xp = self.societies, self.societies.xp
        columns = []
        for k in range(societies.topics):
            beta = societies.reliance(society, None)
            if self.by_topic and self.local_rows:
                beta = xp.where(local, societies.reliance(society, k), beta)
            columns.append(xp.where(active[0, k], beta, xp.zeros_like(beta)))
        return xp.stack(columns, axis=1)
