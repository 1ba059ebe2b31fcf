"""From mutual ties to a DeGroot network: tied agents listen to each other in proportion to the strength of the tie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import coo_array, csr_array, diags_array
from scipy.sparse.csgraph import connected_components

from ...core.arrays import Array
from ...core.errors import PalaestraError
from .degroot import DeGrootNetwork
from .spectral_halves import spectral_halves


def mutual_ties(
    ends: Array,
    strengths: Array,
    names: Sequence[str],
    community: Sequence[Any] | None,
    title: str,
) -> DeGrootNetwork:
    """A network of undirected ties.

    Unless the ties include one, every agent gets a tie to itself with the mean strength of its other ties (our choice;
    the sources leave self-ties open). Weights are strengths divided by the sum of each agent.

    Args:
        ends: The tied agents, integers (ties, 2); the strengths of a repeated pair add up.
        strengths: Positive numbers (ties,).
        names: Of the agents.
        community: A label for each agent; None: two, by the sign of the Fiedler vector.
        title: For messages.

    Raises:
        PalaestraError: An agent without ties, a disconnected network (the component is named), or labels that do not
            fit.
    """
    count = len(names)
    whole = coo_array((strengths, (ends[:, 0], ends[:, 1])), shape=(count, count)).tocsr()
    itself = whole.diagonal()
    others = whole - diags_array(itself)
    mutual = csr_array(others + others.T)
    mutual.eliminate_zeros()
    _check_one_piece(mutual, names, title)
    degree, strength = np.diff(mutual.indptr), np.asarray(mutual.sum(axis=1)).reshape(-1)
    own = np.where(itself > 0, itself, strength / np.maximum(degree, 1))
    total = own + strength
    weights = csr_array(diags_array(1.0 / total) @ (mutual + diags_array(own)))
    labels = spectral_halves(mutual, title) if community is None else community
    return DeGrootNetwork.of(weights, labels, names, title)


def _check_one_piece(mutual: csr_array, names: Sequence[str], title: str) -> None:
    pieces, label = connected_components(mutual, directed=False)
    if pieces == 1:
        return
    smallest = np.flatnonzero(label == np.argmin(np.bincount(label)))
    shown = ", ".join(repr(names[i]) for i in smallest[:5]) + (", ..." if len(smallest) > 5 else "")
    raise PalaestraError(
        f"{title}: the network is disconnected: {pieces} components, the smallest is {{{shown}}} ({len(smallest)} of "
        f"{len(names)} agents). Add ties to it, or leave it out."
    )
