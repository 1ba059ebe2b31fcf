"""From the option `network` to a source of networks."""

from __future__ import annotations

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


def network_source(
    network: Any,
    agents: int,
    homophily: tuple[float, float],
    majority: tuple[float, float],
    communities: Any,
    density: float | None,
    rewiring: float,
    network_seed: int,
) -> NetworkSource:
    """The networks that an environment's options ask for.

    Raises:
        UnknownName: A name that is no family, no graph and no file.
        PalaestraError: Options that do not fit.
    """
    if isinstance(network, NetworkSource):
        return network
    if isinstance(network, DeGrootNetwork):
        return GivenNetwork(network)
    if not isinstance(network, str):
        return GivenNetwork(DeGrootNetwork.of(network, communities, title="the matrix"))
    if network in ("islands", "sampled_islands"):
        if communities not in (None, 2):
            raise PalaestraError(f"communities={communities!r} is not allowed: there are two islands.")
        if network == "islands":
            return ExpectedIslands(agents, majority, homophily)
        return SampledIslands(agents, majority, homophily, 0.6 if density is None else density)
    if network == "stochastic_block":
        count = 2 if communities is None else communities
        mean = 0.5 * (homophily[0] + homophily[1])
        return GivenNetwork(stochastic_block(agents, count, 0.3 if density is None else density, mean, network_seed))
    if network == "small_world":
        return GivenNetwork(small_world(agents, 4, rewiring, network_seed))
    if network in REAL_GRAPHS:
        return GivenNetwork(real_graph(network, communities))
    if is_graph_file(network):
        return GivenNetwork(read_graph(network, communities))
    raise UnknownName("network", network, (*FAMILIES, *REAL_GRAPHS, "PATH.edges, PATH.txt or PATH.graphml"))
