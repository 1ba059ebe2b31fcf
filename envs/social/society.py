"""A society in every lane: a network, signals, reliance on AI aggregators, and distances from the best estimate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from ...core.arrays import Array, Backend, ordered_sum
from ...core.errors import PalaestraError
from ...core.randomness import Draw
from ...core.settings_records import check_count, check_one_of
from ...theory.social.layout import turned
from ...theory.social.network_source import Drawn, NetworkSource
from .network_settings import number_range

NORMAL_BOUND = 8.6
"""No normal number of `Draw` is larger: sqrt(-2 log 2^-53)."""


class Society(NamedTuple):
    """What each lane drew; arrays lead with lanes.

    Attributes:
        network: The networks.
        adoption: Reliance on the AI of each community, (lanes, C).
        efficient: The mean of all signals on each topic, (lanes, K): the best estimate from all signals.
        without: Learning gap of the consensus without an AI, (lanes, K).
    """

    network: Drawn
    adoption: Array
    efficient: Array
    without: Array


@dataclass(frozen=True)
class SocietySettings:
    """What agents know, and how much they rely on the AI.

    Attributes:
        topics: K, the number of topics.
        informed: Who has signals on a topic: "everybody", or only the "community" of the topic.
        noise: Standard deviation of a signal around the state; that of the state is 1.
        adoption: beta, the reliance of each community on the AI, a number or a range within (0, 1).
        outside_trust: Share of that reliance which a local AI of another community's topic enjoys, in (0, 1].
    """

    topics: int = 1
    informed: Literal["everybody", "community"] = "everybody"
    noise: float = 1.0
    adoption: float | Sequence[float] = (0.1, 0.9)
    outside_trust: float = 0.2

    def __post_init__(self) -> None:
        check_count("topics", self.topics, 1)
        check_one_of("informed", self.informed, ("everybody", "community"))
        if not 0 < self.noise < float("inf"):
            raise PalaestraError(f"noise={self.noise!r} is not allowed: give a positive number.")
        low, high = self.adoption_range
        if not 0 < low <= high < 1:
            raise PalaestraError(
                f"adoption={self.adoption_range!r} is not allowed: reliance beta lies strictly between 0 and 1, so "
                "give 0 < low <= high < 1."
            )
        if not 0 < self.outside_trust <= 1:
            raise PalaestraError(
                f"outside_trust={self.outside_trust!r} is not allowed: give a share from above 0 to 1."
            )

    @property
    def adoption_range(self) -> tuple[float, float]:
        """The range from which each community's reliance is drawn."""
        return number_range("adoption", self.adoption)


class Societies:
    """Draws societies and knows how beliefs move in them. Kernels have the lanes last (`theory.social.layout`).

    Args:
        source: The networks.
        settings: Signals and reliance.
    """

    where: Backend

    def __init__(self, source: NetworkSource, settings: SocietySettings) -> None:
        self.source, self.settings = source, settings
        self.topics, self.communities, self.agents = settings.topics, source.communities, source.agents
        self.home = tuple(k % self.communities for k in range(self.topics))
        self.bound = NORMAL_BOUND * (1.0 + settings.noise)

    def place(self, where: Backend) -> None:
        """Move the network to the backend."""
        self.where = where
        self.source.place(where)

    @property
    def xp(self) -> Any:
        """The namespace of the backend; derived, because a module cannot be pickled."""
        return self.where.xp

    @property
    def public(self) -> Mapping[str, Any]:
        """What is common knowledge."""
        return {
            **self.source.public,
            "topics": self.topics,
            "informed": self.settings.informed,
            "topic_community": self.home,
            "adoption": self.settings.adoption_range,
            "outside_trust": self.settings.outside_trust,
        }

    def start(self, draw: Draw) -> tuple[Society, Array]:
        """The societies, and the initial beliefs (n, K, lanes)."""
        xp, lanes = self.xp, draw.lanes
        network = self.source.start(draw)
        low, high = self.settings.adoption_range
        count = (self.communities,)
        adoption = draw.uniform("adoption", count, low, high) if high > low else self.where.full((lanes, *count), low)
        beliefs, efficient = self._signals(draw, network)
        law = turned(network.stationary, xp)
        alone = ordered_sum(law[:, None, :] * beliefs, 0)
        without = xp.abs(alone - efficient)
        return Society(network, adoption, turned(efficient, xp), turned(without, xp)), beliefs

    def _signals(self, draw: Draw, network: Drawn) -> tuple[Array, Array]:
        """Beliefs (n, K, lanes) and efficient estimates (K, lanes)."""
        xp = self.xp
        truth = xp.permute_dims(draw.normal("state", (self.topics,)), (1, 0))
        noise = xp.permute_dims(draw.normal("signals", (self.agents, self.topics)), (1, 2, 0)) + 0.0
        signals = truth[None] + self.settings.noise * noise
        sizes = turned(network.sizes, xp)
        if self.settings.informed == "everybody":
            return signals, ordered_sum(signals, 0) / float(self.agents)
        own = [[1.0 if self.home[k] == c else 0.0 for k in range(self.topics)] for c in range(self.communities)]
        mask = self.where.asarray(own, "float64")[:, :, None] + xp.zeros_like(sizes)[:, None, :]
        beliefs = signals * self.source.spread(network, mask)
        counts = xp.stack([sizes[c] for c in self.home])
        return beliefs, ordered_sum(beliefs, 0) / counts

    def reliance(self, society: Society, topic: int | None) -> Array:
        """Reliance of each community, (C, lanes): in the global design (None), or towards the local AI of a topic."""
        base = turned(society.adoption, self.xp)
        if topic is None:
            return base
        rows = [base[c] if c == self.home[topic] else base[c] * self.settings.outside_trust for c in range(len(base))]
        return self.xp.stack(rows)

    def gap(self, society: Society, consensus: Array) -> Array:
        """Learning gap of a consensus (K, lanes), as (lanes, K)."""
        return turned(self.xp.abs(consensus - turned(society.efficient, self.xp)), self.xp)

    def error(self, society: Society, beliefs: Array) -> Array:
        """Mean distance of the agents' beliefs (n, K, lanes) from the efficient estimates, (lanes, K)."""
        distance = self.xp.abs(beliefs - turned(society.efficient, self.xp)[None])
        return turned(ordered_sum(distance, 0) / float(self.agents), self.xp)
