"""A logarithmic axis of a plot that is written as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

import numpy as np

from .svg_axis import tick_text


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
