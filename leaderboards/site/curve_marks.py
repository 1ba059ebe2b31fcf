"""Which agents of a board have a colour, dashes and a number of their own, and a line in its curves."""

from __future__ import annotations

from collections.abc import Sequence

COLORED = 6
"""Agents at most."""


def curve_marks(oracles: Sequence[bool], outdated: Sequence[bool]) -> list[int | None]:
    """The mark of each agent, from 0 in the board's order; None for those without one.

    The best oracle has one, as what can be reached by who is told more, and then the best agents that are no oracles:
    they are what a board compares. Other oracles follow only where marks are left.

    Args:
        oracles: Agent by agent, the best first.
        outdated: Agent by agent: measured on the track as it no longer is, which gives no mark.
    """
    fresh = [k for k, old in enumerate(outdated) if not old]
    told = [k for k in fresh if oracles[k]]
    order = [*told[:1], *(k for k in fresh if not oracles[k]), *told[1:]]
    chosen = sorted(order[:COLORED])
    return [chosen.index(k) if k in chosen else None for k in range(len(oracles))]
