"""Where the lanes of a social-learning environment get their networks from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, NamedTuple

from ...core.arrays import Array, Backend
from ...core.randomness import Draw


class Drawn(NamedTuple):
    """The networks of the lanes; the first axis of arrays is the lanes.

    Attributes:
        sizes: Members of each community, float64 (lanes, C).
        homophily: h of islands, float64 (lanes,), or None where the network is given.
        weights: T of each lane, float64 (lanes, n, n), or None where it follows from the other fields.
        stationary: Weight of each initial belief in the consensus without an AI, (lanes, n).
        ties: Mean weight that a member of one community gives to all of another, (lanes, C, C).
    """

    sizes: Array
    homophily: Array | None
    weights: Array | None
    stationary: Array
    ties: Array


class NetworkSource(ABC):
    """Networks over lanes. Here, beliefs and other arrays of agents have the lanes last (see `layout`).

    Attributes:
        agents: n.
        communities: C.
        islands: Plausible range of homophily where the networks are two islands, otherwise None.
    """

    agents: int
    communities: int
    islands: tuple[float, float] | None = None
    where: Backend

    def place(self, where: Backend) -> None:
        """Move constants to a backend."""
        self.where = where

    @property
    def xp(self) -> Any:
        """The namespace of the backend; derived, because a module cannot be pickled."""
        return self.where.xp

    @property
    def public(self) -> Mapping[str, Any]:
        """What is common knowledge about the network."""
        return {"agents": self.agents, "communities": self.communities, "homophily": self.islands}

    @abstractmethod
    def start(self, draw: Draw) -> Drawn:
        """A network for each lane."""

    @abstractmethod
    def average(self, drawn: Drawn, beliefs: Array) -> Array:
        """T times beliefs (n, topics, lanes)."""

    @abstractmethod
    def means(self, drawn: Drawn, beliefs: Array) -> Array:
        """The mean belief of each community, (C, topics, lanes)."""

    @abstractmethod
    def spread(self, drawn: Drawn, values: Array) -> Array:
        """Values of communities, (C, ..., lanes), as values of their members, (n, ..., lanes)."""

    @abstractmethod
    def reach(self, drawn: Drawn, reliance: Array) -> Array:
        """u_c'N, (C, n, lanes): N = (I - (I - B) T)^-1 and u_c is uniform on community c.

        Args:
            drawn: The networks.
            reliance: beta of each agent, (n, lanes), above 0 in every community.
        """
