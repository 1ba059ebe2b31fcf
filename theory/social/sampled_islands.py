"""Two islands, sampled: each lane draws its own ties, with more inside an island than across.

Source: the random version of section 4 of Acemoglu, Lin, Ozdaglar, Siderius (arXiv 2604.04906), after Golub and
Jackson, "Naive learning in social networks", AEJ Micro 2, 2010 (islands); we do not know which
of the two the paper means.

1. Two agents of one island are tied with probability `density`, two of different islands with `density`/h; every
   agent is tied to itself. All ties have the same weight.
2. A lane whose network is not connected draws again, independently of the others, at most `ATTEMPTS` times.

Cost: n^2 random numbers per lane.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from ...core.randomness import Draw
from .expected_islands import ExpectedIslands
from .layout import turned
from .network_source import Drawn

ATTEMPTS = 200


class SampledIslands(ExpectedIslands):
    """Two islands with different ties in each lane.

    Args:
        agents: n.
        majority: Range of island 1's share.
        homophily: Range of h.
        density: Probability of a tie inside an island, from 0 to 1.

    Raises:
        PalaestraError: A value that is not allowed; or, at the start, networks that stay disconnected.
    """

    def __init__(
        self, agents: int, majority: tuple[float, float], homophily: tuple[float, float], density: float
    ) -> None:
        super().__init__(agents, majority, homophily)
        if not 0 < density <= 1:
            raise PalaestraError(f"density={density!r} is not allowed: give a probability above 0.")
        self.density = density

    def start(self, draw: Draw) -> Drawn:
        """Draw sizes and homophily, then ties until they connect all agents."""
        xp = self.xp
        plain = super().start(draw)
        assert plain.homophily is not None
        first = self._first(plain)
        inside = first[:, None, :] == first[None, :, :]
        chance = xp.where(inside, xp.ones_like(plain.homophily), 1.0 / plain.homophily) * self.density
        upper = self._numbers[:, None, None] < self._numbers[None, :, None]
        tied = self._tied(draw, 0, chance, upper)
        wanting = ~self._connected(tied)
        for attempt in range(1, ATTEMPTS):
            if not bool(wanting.any()):
                break
            again = self._tied(draw, attempt, chance, upper)
            tied = xp.where(wanting, again, tied)
            wanting = wanting & ~self._connected(again)
        else:
            raise PalaestraError(
                f"Two islands of {self.agents} agents with density={self.density:g} were disconnected {ATTEMPTS} times "
                "in a row. Raise density, or lower homophily."
            )
        degree = ordered_sum(xp.astype(tied, xp.float64), 1)
        weights = xp.astype(tied, xp.float64) / degree[:, None, :]
        law = degree / ordered_sum(degree, 0)
        member = xp.stack([xp.astype(first, xp.float64), xp.astype(~first, xp.float64)])
        ties = [[self._tie(weights, member[c], member[d]) for d in (0, 1)] for c in (0, 1)]
        return plain._replace(
            weights=xp.permute_dims(weights, (2, 0, 1)),
            stationary=turned(law, xp),
            ties=xp.permute_dims(xp.stack([xp.stack(row) for row in ties]), (2, 0, 1)),
        )

    def _tied(self, draw: Draw, attempt: int, chance: Array, upper: Array) -> Array:
        """Mutual ties, boolean (n, n, lanes)."""
        xp, count = self.xp, self.agents
        unit = xp.permute_dims(draw.uniform(f"ties/{attempt}", (count, count)), (1, 2, 0))
        half = (unit < chance) & upper
        itself = (self._numbers[:, None] == self._numbers[None, :])[:, :, None]
        return half | xp.permute_dims(half, (1, 0, 2)) | itself

    def _connected(self, tied: Array) -> Array:
        """Whether everybody hears of agent 0, boolean (lanes,): news passes on once a round."""
        heard = tied[0]
        for _ in range(self.agents):
            following = (tied & heard[None]).any(1)
            if bool((following == heard).all()):
                break
            heard = following
        return heard.all(0)

    def _tie(self, weights: Array, one: Array, other: Array) -> Array:
        given = ordered_sum(weights * other[None], 1)
        return ordered_sum(given * one, 0) / ordered_sum(one, 0)

    def average(self, drawn: Drawn, beliefs: Array) -> Array:
        """Add one neighbour after another."""
        assert drawn.weights is not None
        weights = self.xp.permute_dims(drawn.weights, (1, 2, 0))
        total = self.xp.zeros_like(beliefs)
        for j in range(self.agents):
            total += weights[:, j][:, None, :] * beliefs[j][None]
        return total

    def reach(self, drawn: Drawn, reliance: Array) -> Array:
        """By LU for each lane."""
        assert drawn.weights is not None
        xp, first = self.xp, self._first(drawn)
        sizes = turned(drawn.sizes, xp)
        member = xp.stack([xp.astype(first, xp.float64), xp.astype(~first, xp.float64)])
        right = xp.permute_dims(member / sizes[:, None, :], (2, 1, 0))
        kept = turned(1.0 - reliance, xp)
        system = self.where.asarray(np.eye(self.agents)) - xp.permute_dims(kept[:, :, None] * drawn.weights, (0, 2, 1))
        return turned(xp.linalg.solve(system, right), xp) + 0.0
