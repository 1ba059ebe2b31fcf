"""How long a step takes, from a few that were timed, one or two of which may have been disturbed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

GROUPS = 5


def steady_pace(reached: Sequence[tuple[int, float]]) -> float:
    """Seconds a step: the median, over five groups of successive steps, of a group's mean.

    A step that was held up for once is in one group, which the median passes over; what an agent does every few steps
    is in every group, and counts.

    Args:
        reached: (Steps done, seconds by then), ascending; 0.0 is returned for fewer than two.
    """
    spans = len(reached) - 1
    if spans < 1:
        return 0.0
    groups = min(GROUPS, spans)
    ends = [reached[k * spans // groups] for k in range(groups + 1)]
    return median((b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(ends))
