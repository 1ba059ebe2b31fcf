"""One network for all lanes: a graph from a file, a generator or the literature."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, Backend, ordered_sum
from ...core.errors import PalaestraError
from ...core.randomness import Draw
from .consensus import stationary
from .degroot import DeGrootNetwork
from .layout import turned
from .mixing import Mixing
from .network_source import Drawn, NetworkSource

DENSE = 300
"""Up to this many agents the lanes' linear systems are solved by LU, above by a series."""

CHUNK = 2_000_000
"""Numbers of a stack of dense systems that is solved at once."""


class GivenNetwork(NetworkSource):
    """A `DeGrootNetwork` in every lane.

    Args:
        network: The network.
    """

    def __init__(self, network: DeGrootNetwork) -> None:
        self.network = network
        self.agents, self.communities = network.agents, network.communities
        self.mixing, self.backwards = Mixing(network.weights), Mixing(network.weights.T.tocsr())
        member = network.community[None, :] == np.arange(self.communities)[:, None]
        self.sizes = member.sum(axis=1).astype(np.float64)
        self.uniform = member / self.sizes[:, None]
        self.law = stationary(network)
        inside = network.weights @ member.T.astype(np.float64)
        self.ties = np.stack([inside[own].mean(axis=0) for own in member])
        self.dense = network.weights.toarray() if network.agents <= DENSE else None

    def place(self, where: Backend) -> None:
        """Move the ties and the members to a backend."""
        super().place(where)
        self.mixing.place(where)
        self.backwards.place(where)
        self._of = where.asarray(self.network.community, "int64")
        self._members = [
            where.asarray(np.flatnonzero(self.network.community == c), "int64") for c in range(self.communities)
        ]
        self._constants = tuple(where.asarray(one, "float64") for one in (self.sizes, self.law, self.ties))

    def start(self, draw: Draw) -> Drawn:
        """The same network in every lane."""
        sizes, law, ties = (self.xp.broadcast_to(one, (draw.lanes, *one.shape)) for one in self._constants)
        return Drawn(sizes, None, None, law, ties)

    def average(self, drawn: Drawn, beliefs: Array) -> Array:
        """T times beliefs."""
        return self.mixing(beliefs)

    def means(self, drawn: Drawn, beliefs: Array) -> Array:
        """Sums over members, divided by their number."""
        parts = [
            ordered_sum(self.xp.take(beliefs, members, axis=0), 0) / float(size)
            for members, size in zip(self._members, self.sizes, strict=True)
        ]
        return self.xp.stack(parts)

    def spread(self, drawn: Drawn, values: Array) -> Array:
        """Look up the community of each agent."""
        return self.xp.take(values, self._of, axis=0)

    def reach(self, drawn: Drawn, reliance: Array) -> Array:
        """By LU for each lane, or by the series for large networks."""
        return self._by_lu(reliance) if self.dense is not None else self._by_series(reliance)

    def _by_lu(self, reliance: Array) -> Array:
        """Each lane's system is factorised on its own, so that its bits do not depend on the others."""
        xp, count, lanes = self.xp, self.agents, reliance.shape[-1]
        weights = self.where.asarray(self.dense, "float64")
        right = xp.permute_dims(self.where.asarray(self.uniform, "float64"), (1, 0))[None]
        kept = turned(1.0 - reliance, xp)
        size, found = max(1, CHUNK // count**2), []
        for first in range(0, lanes, size):
            part = kept[first : first + size]
            # The transposed system: (I - (I - B) T)' x = u.
            system = self.where.asarray(np.eye(count)) - xp.permute_dims(part[:, :, None] * weights, (0, 2, 1))
            found.append(xp.linalg.solve(system, xp.broadcast_to(right, (part.shape[0], count, self.communities))))
        return turned(xp.concat(found), xp) + 0.0

    def _by_series(self, reliance: Array) -> Array:
        """Sum of u'((I - B) T)^t; a lane that is done adds nothing more."""
        xp, lanes = self.xp, reliance.shape[-1]
        uniform = xp.permute_dims(self.where.asarray(self.uniform, "float64"), (1, 0))[:, :, None]
        term = xp.broadcast_to(uniform, (self.agents, self.communities, lanes)) + 0.0
        total, kept = term + 0.0, (1.0 - reliance)[:, None, :]
        for _ in range(5000):
            term = self.backwards(kept * term)
            going = ordered_sum(term, 0) > 1e-15 * ordered_sum(total, 0)
            if not bool(going.any()):
                return xp.permute_dims(total, (1, 0, 2)) + 0.0
            total += xp.where(going[None], term, xp.zeros_like(term))
        raise PalaestraError(
            f"{self.network.title}: the consensus was not found in 5,000 terms; reliance on the AI is too low for "
            f"{self.agents} agents. Raise the lower end of adoption (0.01 is enough)."
        )
