"""Actions of a ranking bandit: proposals drawn from strategies, and point strategies."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.randomness import Draw


def sample_proposals(strategies: Array, count: int, draw: Draw, stream: str = "proposals") -> Array:
    """Independent draws with replacement from one strategy per lane, by inversion.

    Args:
        strategies: (lanes, A), nonnegative, summing to 1.
        count: K.
        draw: Random numbers of this step (numpy).
        stream: Name of the random numbers.

    Returns:
        int64 (lanes, K).
    """
    below = np.cumsum(strategies, axis=-1)[:, None, :-1]
    chosen: Array = (draw.uniform(stream, (count,))[:, :, None] >= below).sum(-1)
    return chosen


def point_strategies(actions: Array, count: int) -> Array:
    """Strategies (lanes, count) with all weight on `actions` (lanes,)."""
    return (actions[:, None] == np.arange(count)).astype(np.float64)
