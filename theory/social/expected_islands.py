"""Two islands in expectation: all agents listen to all, and h times as much to their own island.

Source: Acemoglu, Lin, Ozdaglar, Siderius (arXiv 2604.04906), section 4. T_ij is proportional to h inside an island
(including i = j) and to 1 across. So only the averages over islands matter, and a round costs n instead of n^2. Each
lane draws its own homophily and its own majority; the first agents are island 1.
"""

from __future__ import annotations

from ...core.arrays import Array, Backend, ordered_sum
from ...core.errors import PalaestraError
from ...core.randomness import Draw
from .layout import turned
from .network_source import Drawn, NetworkSource


class ExpectedIslands(NetworkSource):
    """Two islands, drawn for each lane.

    Args:
        agents: n, at least 2.
        majority: Range of island 1's share; its size is drawn uniformly among those in the range.
        homophily: Range of h, at least 1; drawn uniformly.

    Raises:
        PalaestraError: An invalid range, or one that leaves an island empty.
    """

    communities = 2

    def __init__(self, agents: int, majority: tuple[float, float], homophily: tuple[float, float]) -> None:
        if not isinstance(agents, int) or isinstance(agents, bool) or agents < 2:
            raise PalaestraError(f"agents={agents!r} is not allowed: give an integer from 2.")
        if not 0 < majority[0] <= majority[1] < 1:
            raise PalaestraError(f"majority={majority!r} is not allowed: give shares 0 < low <= high < 1.")
        if not 1 <= homophily[0] <= homophily[1] < float("inf"):
            raise PalaestraError(f"homophily={homophily!r} is not allowed: give 1 <= low <= high.")
        self.agents, self.majority, self.islands = agents, majority, homophily
        self.least, self.most = (min(max(round(share * agents), 1), agents - 1) for share in majority)

    def place(self, where: Backend) -> None:
        """Move the agents' numbers to a backend."""
        super().place(where)
        self._numbers = where.arange(self.agents)

    def start(self, draw: Draw) -> Drawn:
        """Draw sizes and homophily, and derive the networks."""
        xp, lanes = self.xp, draw.lanes
        assert self.islands is not None
        low, high = self.islands
        first = xp.astype(self.least + draw.integers("majority", self.most - self.least + 1), xp.float64)
        homophily = draw.uniform("homophily", (), low, high) if high > low else self.where.full((lanes,), low)
        sizes = xp.stack([first, self.agents - first])
        return self.drawn(sizes, homophily)

    def drawn(self, sizes: Array, homophily: Array) -> Drawn:
        """The networks of given sizes (2, lanes) and homophily (lanes,)."""
        xp = self.xp
        strength = xp.stack([homophily * sizes[0] + sizes[1], sizes[0] + homophily * sizes[1]])
        outward, inward = sizes[1] / strength[0], sizes[0] / strength[1]
        ties = xp.stack([xp.stack([1.0 - outward, outward]), xp.stack([inward, 1.0 - inward])])
        whole = sizes[0] * strength[0] + sizes[1] * strength[1]
        plain = Drawn(turned(sizes, xp), homophily, None, homophily, xp.permute_dims(ties, (2, 0, 1)))
        return plain._replace(stationary=turned(self.spread(plain, strength / whole), xp))

    def _first(self, drawn: Drawn) -> Array:
        """Who is of island 1, boolean (n, lanes)."""
        return self.xp.astype(self._numbers, self.xp.float64)[:, None] < turned(drawn.sizes, self.xp)[0]

    def average(self, drawn: Drawn, beliefs: Array) -> Array:
        """All members of an island hear the same average."""
        means, ties = self.means(drawn, beliefs), self.xp.permute_dims(drawn.ties, (1, 2, 0))
        heard = [ties[c, 0][None] * means[0] + ties[c, 1][None] * means[1] for c in (0, 1)]
        return self.spread(drawn, self.xp.stack(heard))

    def means(self, drawn: Drawn, beliefs: Array) -> Array:
        """Sums over members, divided by their number."""
        first, zero = self._first(drawn)[:, None, :], self.xp.zeros_like(beliefs)
        sizes = turned(drawn.sizes, self.xp)
        parts = (self.xp.where(first, beliefs, zero), self.xp.where(first, zero, beliefs))
        return self.xp.stack([ordered_sum(part, 0) / sizes[c] for c, part in enumerate(parts)])

    def spread(self, drawn: Drawn, values: Array) -> Array:
        """By island."""
        first = self._first(drawn)
        first = first.reshape((self.agents, *(1,) * (values.ndim - 2), -1))
        return self.xp.where(first, values[0][None], values[1][None])

    def reach(self, drawn: Drawn, reliance: Array) -> Array:
        """The two-by-two inverse in closed form, spread over the members."""
        xp, sizes = self.xp, turned(drawn.sizes, self.xp)
        ties = xp.permute_dims(drawn.ties, (1, 2, 0))
        kept = 1.0 - self.means(drawn, reliance[:, None, :])[:, 0]
        a, b = 1.0 - kept[0] * ties[0, 0], -kept[0] * ties[0, 1]
        c, d = -kept[1] * ties[1, 0], 1.0 - kept[1] * ties[1, 1]
        whole = a * d - b * c
        rows = ((d / whole, -b / whole), (-c / whole, a / whole))
        return xp.stack([self.spread(drawn, xp.stack([row[0] / sizes[0], row[1] / sizes[1]])) for row in rows])
