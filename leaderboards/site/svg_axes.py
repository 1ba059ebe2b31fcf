"""An axis of an SVG plot: the places of its ticks and their labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from typing import Any

import numpy as np

from ..plots.plot_style import FADED, PALETTE


@dataclass(frozen=True)
class SvgAxis:
    """A linear axis.

    Attributes:
        low: Value at `start`.
        high: Value at `end`.
        start: Coordinate of `low`.
        end: Coordinate of `high`.
    """

    low: float
    high: float
    start: float
    end: float

    @staticmethod
    def over(values: Iterable[float | None], start: float, end: float, margin: float = 0.04) -> SvgAxis:
        """An axis on which all values that are finite lie, with a margin."""
        finite = [value for value in values if value is not None and isfinite(value)]
        low, high = min(finite, default=0.0), max(finite, default=1.0)
        spare = margin * (high - low) or 0.5 * abs(high) or 0.5
        return SvgAxis(low - spare, high + spare, start, end)

    def at(self, value: Any) -> Any:
        """The coordinate of a value, or of an array of values."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self, about: int) -> list[tuple[float, str]]:
        """Round values on the axis, about so many, with their text: as many decimals as they differ in."""
        size = (self.high - self.low) / about
        power = floor(log10(size))
        step = next(factor for factor in (1, 2, 5, 10) if factor * 10.0**power >= size * 0.99) * 10.0**power
        decimals = max(0, -floor(log10(step) + 1e-9))
        first, last = ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9)
        found = [k * step for k in range(first, last + 1)]
        return [(value, tick_text(value, decimals)) for value in found]


def tick_text(value: float, decimals: int) -> str:
    """A number on an axis; powers of ten where it would be long."""
    if value and (abs(value) >= 1e6 or abs(value) < 1e-4):
        return f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e").replace("-", "\N{MINUS SIGN}")
    return f"{value + 0.0:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")


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


@dataclass(frozen=True)
class SvgLogAxis:
    """A logarithmic axis.

    Attributes:
        low: Value at `start`, above 0.
        high: Value at `end`.
        start: Coordinate of `low`.
        end: Coordinate of `high`.
    """

    low: float
    high: float
    start: float
    end: float

    @staticmethod
    def over(low: float, high: float, start: float, end: float, margin: float = 0.04) -> SvgLogAxis:
        """An axis from one value above 0 to another, with a margin."""
        spare = (high / low) ** margin if high > low else 2.0
        return SvgLogAxis(low / spare, high * spare, start, end)

    def at(self, value: Any) -> Any:
        """The coordinate of a value, or of an array of values, all above 0."""
        share = (np.log10(value) - log10(self.low)) / (log10(self.high) - log10(self.low))
        return self.start + share * (self.end - self.start)

    def ticks(self, about: int) -> list[tuple[float, str]]:
        """Powers of ten with their text; where fewer than three lie on the axis, twice and five times them too."""
        first, last = floor(log10(self.low)), ceil(log10(self.high))
        powers = range(first, last + 1)
        whole = [power for power in powers if self.low <= 10.0**power <= self.high]
        every = max(-(-len(whole) // about), 1)
        chosen = (
            [(factor * 10.0**power, power) for power in powers for factor in (1, 2, 5)]
            if len(whole) < 3
            else [(10.0**power, power) for power in whole[::every]]
        )
        return [(value, tick_text(value, max(0, -power))) for value, power in chosen if self.low <= value <= self.high]


DASHES = ("", "7 3", "9 3 2 3", "14 4", "5 2 2 2 2 2", "4 2")
"""Of lines, pixels drawn and left out: the k-th agent's. None is of dots alone, which are the bound's."""


def color(mark: int | None) -> str:
    """The colour of the k-th agent; grey for who has none of its own."""
    return PALETTE[mark % len(PALETTE)] if mark is not None else FADED


def dash(mark: int, scale: float = 1.0) -> str:
    """The attribute of a line that makes it the k-th agent's; nothing for the first."""
    pattern = DASHES[mark % len(DASHES)]
    scaled = " ".join(f"{float(part) * scale:g}" for part in pattern.split())
    return f' stroke-dasharray="{scaled}"' if scaled else ""
