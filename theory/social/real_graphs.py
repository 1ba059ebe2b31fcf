"""Social networks of the literature, from networkx.

Zachary's karate club (1977; communities: the two clubs after the split), the marriages of Florentine families (Padgett;
without Pucci, who have no tie), Davis's southern women (Davis, Gardner, Gardner 1941; eighteen women, tied by the
events that they attended together), and the characters of Les Miserables who meet (Knuth 1993). Where the graph has
counts, they are the strengths of ties. Communities that are not part of the data are found by `spectral_halves`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.extra import import_extra
from .degroot import DeGrootNetwork
from .mutual_ties import mutual_ties

REAL_GRAPHS = ("karate_club", "florentine_families", "davis_southern_women", "les_miserables")


def real_graph(name: str, communities: Sequence[Any] | None = None) -> DeGrootNetwork:
    """A graph by name.

    Args:
        name: One of `REAL_GRAPHS`.
        communities: A label for each agent in the graph's order; default: as above.

    Raises:
        PalaestraError: networkx is not installed, or labels that do not fit.
    """
    nx = import_extra("networkx", "networks")
    graph: Any = getattr(nx, f"{name}_graph")()
    if name == "davis_southern_women":
        graph = nx.bipartite.weighted_projected_graph(graph, graph.graph["top"])
    names = [str(node) for node in graph]
    number = {node: i for i, node in enumerate(graph)}
    ends = np.array([[number[a], number[b]] for a, b in graph.edges], np.int64)
    strengths = np.array([float(data.get("weight", 1.0)) for _, _, data in graph.edges(data=True)])
    labels = communities
    if labels is None and name == "karate_club":
        labels = [graph.nodes[node]["club"] for node in graph]
    return mutual_ties(ends, strengths, names, labels, name)
