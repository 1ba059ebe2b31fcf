"""The options of SocialLearning-v0 that say who listens to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...core.errors import PalaestraError, UnknownName
from ...theory.social.degroot import DeGrootNetwork
from ...theory.social.expected_islands import ExpectedIslands
from ...theory.social.given_network import GivenNetwork
from ...theory.social.graph_file import is_graph_file, read_graph
from ...theory.social.network_source import NetworkSource
from ...theory.social.real_graphs import REAL_GRAPHS, real_graph
from ...theory.social.sampled_islands import SampledIslands
from ...theory.social.small_world import small_world
from ...theory.social.stochastic_block import stochastic_block

FAMILIES = ("islands", "sampled_islands", "stochastic_block", "small_world")


@dataclass(frozen=True)
class NetworkSettings:
    """Who listens to whom.

    Attributes:
        network: A family, a named graph, the path of an edge list or GraphML file, or a row-stochastic matrix.
        agents: n, the number of agents of a drawn network.
        communities: The number of blocks; or, for graphs and matrices, a label for each agent in order.
        homophily: h of islands (ties inside against ties across), a number or a range; of blocks, its mean.
        majority: Share of island 1, a number or a range.
        density: Probability of a tie inside an island or block; default: 0.6 for islands, 0.3 for blocks.
        rewiring: Probability that a tie of a small world is rewired.
        network_seed: Seed of the networks that are drawn once.
    """

    network: Any = "islands"
    agents: int = 16
    communities: Any = None
    homophily: float | Sequence[float] = (1.5, 3.0)
    majority: float | Sequence[float] = (0.55, 0.8)
    density: float | None = None
    rewiring: float = 0.1
    network_seed: int = 0

    def __post_init__(self) -> None:
        number_range("homophily", self.homophily)
        number_range("majority", self.majority)

    def source(self) -> NetworkSource:
        """The networks that these settings ask for.

        Raises:
            UnknownName: A name that is neither a family, nor a graph, nor a file.
            PalaestraError: Settings that do not fit.
        """
        network = self.network
        if isinstance(network, NetworkSource):
            return network
        if isinstance(network, DeGrootNetwork):
            return GivenNetwork(network)
        if not isinstance(network, str):
            return GivenNetwork(DeGrootNetwork.of(network, self.communities, title="the matrix"))
        if network in FAMILIES:
            return self._of_family()
        if network in REAL_GRAPHS:
            return GivenNetwork(real_graph(network, self.communities))
        if is_graph_file(network):
            return GivenNetwork(read_graph(network, self.communities))
        raise UnknownName("network", network, (*FAMILIES, *REAL_GRAPHS, "PATH.edges, PATH.txt or PATH.graphml"))

    def _of_family(self) -> NetworkSource:
        homophily, majority = number_range("homophily", self.homophily), number_range("majority", self.majority)
        if self.network == "small_world":
            return GivenNetwork(small_world(self.agents, 4, self.rewiring, self.network_seed))
        if self.network == "stochastic_block":
            count = 2 if self.communities is None else self.communities
            density, mean = 0.3 if self.density is None else self.density, 0.5 * (homophily[0] + homophily[1])
            return GivenNetwork(stochastic_block(self.agents, count, density, mean, self.network_seed))
        if self.communities not in (None, 2):
            raise PalaestraError(
                f"communities={self.communities!r} is not allowed: there are two islands. Leave it out."
            )
        if self.network == "islands":
            return ExpectedIslands(self.agents, majority, homophily)
        return SampledIslands(self.agents, majority, homophily, 0.6 if self.density is None else self.density)


def number_range(name: str, value: Any) -> tuple[float, float]:
    """An option that is a number, or a pair of them, as (low, high)."""
    try:
        low, high = (value, value) if isinstance(value, (int, float)) else value
        return float(low), float(high)
    except (TypeError, ValueError) as error:
        raise PalaestraError(f"{name}={value!r} is not allowed: give a number, or two: (low, high).") from error
