"""The stochastic block model: ties are more likely inside a block than across.

Source: Holland, Laskey, Leinhardt, "Stochastic blockmodels: first steps", Social Networks 5, 1983; as islands in Golub
and Jackson, "Naive learning in social networks", AEJ Micro 2, 2010.

1. Agents are divided into blocks of equal size (the first blocks get one more where they do not divide).
2. A pair is tied with probability `density` inside a block, `density`/`homophily` across.
3. A network that is not connected is drawn again, at most `ATTEMPTS` times.

Cost: n^2 random numbers.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ...core.arrays import backend
from ...core.errors import PalaestraError
from ...core.randomness import Draw, lane_keys
from .degroot import DeGrootNetwork
from .mutual_ties import mutual_ties

ATTEMPTS = 200
MOST = 5000


def stochastic_block(
    agents: int, blocks: int = 2, density: float = 0.3, homophily: float = 3.0, seed: int = 0
) -> DeGrootNetwork:
    """A network of equal ties whose communities are the blocks.

    Args:
        agents: n, at most `MOST`.
        blocks: C, from 1 to n.
        density: Probability of a tie inside a block.
        homophily: The ratio of that to the probability of a tie across, at least 1.
        seed: Of the draw.

    Raises:
        PalaestraError: A value that is not allowed, or a network that stays disconnected.
    """
    if not isinstance(agents, int) or isinstance(agents, bool) or not 2 <= agents <= MOST:
        raise PalaestraError(f"agents={agents!r} is not allowed: give an integer from 2 to {MOST}.")
    if not isinstance(blocks, int) or isinstance(blocks, bool) or not 1 <= blocks <= agents:
        raise PalaestraError(f"communities={blocks!r} is not allowed: give a number of blocks from 1 to {agents}.")
    if not 0 < density <= 1 or not 1 <= homophily < float("inf"):
        raise PalaestraError(f"density={density!r}, homophily={homophily!r}: give 0 < density <= 1 <= homophily.")
    where = backend()
    community = np.sort(np.arange(agents) % blocks)
    one, other = np.triu_indices(agents, 1)
    chance = np.where(community[one] == community[other], density, density / homophily)
    for attempt in range(ATTEMPTS):
        draw = Draw(lane_keys([seed], where, "stochastic block"), attempt, where)
        tied = draw.uniform("ties", (len(one),))[0] < chance
        ends = np.stack([one[tied], other[tied]], axis=1)
        graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(agents, agents))
        if connected_components(graph, directed=False)[0] == 1:
            title = f"{blocks} blocks of {agents} agents"
            return mutual_ties(ends, np.ones(len(ends)), [str(i) for i in range(agents)], community.tolist(), title)
    raise PalaestraError(
        f"{blocks} blocks of {agents} agents with density={density:g}, homophily={homophily:g} were disconnected "
        f"{ATTEMPTS} times in a row. Raise density, or lower homophily."
    )
