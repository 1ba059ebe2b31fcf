"""A small world: a ring of neighbours in which some ties are rewired.

Source: Watts and Strogatz, "Collective dynamics of 'small-world' networks", Nature 393, 1998.

1. Each agent is tied to its `near` nearest on the ring.
2. Every tie, except those between neighbours on the ring, is moved to a uniformly drawn agent with probability
   `rewiring`. (The paper rewires all; we keep the ring, so that the network is always connected.)

Communities: the two halves of the ring. Cost: linear in the number of ties.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import backend
from ...core.errors import PalaestraError
from ...core.randomness import Draw, lane_keys
from .degroot import DeGrootNetwork
from .mutual_ties import mutual_ties


def small_world(agents: int, near: int = 4, rewiring: float = 0.1, seed: int = 0) -> DeGrootNetwork:
    """A small world of equal ties.

    Args:
        agents: n, above `near`.
        near: Neighbours on the ring, an even number of at least 2.
        rewiring: Probability, from 0 to 1.
        seed: Of the draw.

    Raises:
        PalaestraError: A value that is not allowed.
    """
    if near < 2 or near % 2:
        raise PalaestraError(f"near={near!r} is not allowed: give an even number from 2.")
    if not isinstance(agents, int) or isinstance(agents, bool) or agents <= near:
        raise PalaestraError(f"agents={agents!r} is not allowed: give an integer above {near}.")
    if not 0 <= rewiring <= 1:
        raise PalaestraError(f"rewiring={rewiring!r} is not allowed: give a probability.")
    where = backend()
    draw = Draw(lane_keys([seed], where, "small world"), 0, where)
    one = np.tile(np.arange(agents), near // 2)
    other = (one + np.repeat(np.arange(1, near // 2 + 1), agents)) % agents
    moved = (draw.uniform("rewired", (len(one),))[0] < rewiring) & (np.arange(len(one)) >= agents)
    step = 1 + draw.integers("target", agents - 1, (len(one),))[0]
    other = np.where(moved, (one + step) % agents, other)
    pairs = np.unique(np.sort(np.stack([one, other], axis=1), axis=1), axis=0)
    halves = (np.arange(agents) >= agents // 2).astype(np.int64)
    title = f"a small world of {agents}"
    return mutual_ties(pairs, np.ones(len(pairs)), [str(i) for i in range(agents)], halves.tolist(), title)
