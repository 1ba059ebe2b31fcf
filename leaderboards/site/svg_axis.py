"""An axis of a plot that is written as SVG: where its ticks are and what they say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from typing import Any


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
