"""A metric over time for a few agents, with the theoretical bound, written as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np
from markupsafe import Markup, escape

from ...core.arrays import Array
from ..submission.findings import CurveRecord, Numbers
from .safe_text import plain_text
from .svg_axes import SvgAxis, SvgLogAxis, color, dash

Axis = SvgAxis | SvgLogAxis

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 344, 222, 52, 34, 24, 32

DECADES = 4
"""Of values on a logarithmic axis at most, below its upper end."""

NUMBER = 115
"""Between two numbers at the ends of lines, tenths of a pixel."""

BANDS = 3
"""Agents whose quartiles are drawn too."""

EARLY = 20
"""The first twentieth of the points may lie above the panel: means over few steps are often many times the later."""


@dataclass(frozen=True)
class CurveLine:
    """One agent's curve.

    Attributes:
        mark: Its number in the legend, from 0: gives the line its colour and dashes, and stands at its end.
        curve: Of one metric and scenario.
    """

    mark: int
    curve: CurveRecord


def curve_svg(
    lines: Sequence[CurveLine],
    label: str,
    unit: str,
    bound: CurveRecord | None = None,
    bands: int = BANDS,
    *,
    log: bool = False,
) -> Markup:
    """Interquartile means over lanes; a band from the lower to the upper quartile for the first few.

    Coordinates are tenths of a pixel and written as differences, which keeps a panel to a few kB.

    Args:
        lines: The best first.
        label: What it shows, for who does not see it.
        unit: Of the values.
        bound: Whose bound is drawn: it is the environment's, not the agent's.
        bands: How many agents get a band.
        log: Both axes are logarithmic, there are no bands, and values of 0 or less are not seen.
    """
    banded = () if log else lines[:bands]
    x, y = _log_axes(lines, bound) if log else _linear_axes(lines, bands, bound)
    parts = [_axes(x, y, f"{unit}, logarithmic" if log else unit)]
    parts += [_band(x, y, line) for line in reversed(banded)]
    if bound is not None:
        parts.append(f'<path class="bound" d="{_path(x, y, bound.steps, numbers(bound.bound or []))}"/>')
    parts += [
        f'<path class="curve" stroke="{color(line.mark)}"{dash(line.mark, 10)} '
        f'd="{_path(x, y, line.curve.steps, numbers(line.curve.middle))}"/>'
        for line in reversed(lines)
    ]
    parts.append(_ends(lines, x, y))
    return Markup(
        f'<svg role="img" class="tenths" aria-label="{escape(label)}" viewBox="0 0 {WIDTH}0 {HEIGHT}0" width="{WIDTH}" '
        f'height="{HEIGHT}">{"".join(parts)}</svg>'
    )


def bound_end(curve: CurveRecord) -> float | None:
    """The last value of a curve's bound; None where there is none, or none that is finite."""
    last = curve.bound[-1] if curve.bound else None
    return last if last is not None and isfinite(last) else None


def bound_early(curve: CurveRecord) -> float:
    """The bound after a quarter of the steps, from where on a panel shows it; infinite where it says nothing there."""
    held = curve.bound or [None]
    early = held[len(held) // 4]
    return early if early is not None and isfinite(early) else inf


def extent(lines: Sequence[CurveLine], bands: int = BANDS) -> tuple[float, float]:
    """The least and the greatest value that a panel must show."""
    columns = [numbers(line.curve.middle) for line in lines]
    columns += [numbers(part) for line in lines[:bands] for part in (line.curve.low, line.curve.high)]
    shown = np.concatenate([column[len(column) // EARLY :] for column in columns] or [np.zeros(0)])
    shown = shown[np.isfinite(shown)]
    return (float(shown.min()), float(shown.max())) if len(shown) else (0.0, 1.0)


def on_log_scale(lines: Sequence[CurveLine]) -> bool:
    """Whether a logarithmic panel would show anything of the agents: their means are above 0 somewhere."""
    return any(np.nan_to_num(numbers(line.curve.middle), nan=0.0).max(initial=0.0) > 0 for line in lines)


def _linear_axes(lines: Sequence[CurveLine], bands: int, bound: CurveRecord | None) -> tuple[SvgAxis, SvgAxis]:
    limit = None if bound is None else bound_early(bound)
    x = SvgAxis(0, max((line.curve.steps[-1] for line in lines), default=1), LEFT * 10, (WIDTH - RIGHT) * 10)
    return x, SvgAxis.over([*extent(lines, bands), limit], (HEIGHT - BOTTOM) * 10, TOP * 10)


def _log_axes(lines: Sequence[CurveLine], bound: CurveRecord | None) -> tuple[SvgLogAxis, SvgLogAxis]:
    """Everything above 0 but the first steps, down to `DECADES` below the greatest of it."""
    columns = [numbers(line.curve.middle) for line in lines]
    columns += [] if bound is None else [numbers(bound.bound or [])]
    shown = np.concatenate([column[len(column) // EARLY :] for column in columns])
    shown = shown[np.isfinite(shown) & (shown > 0)]
    top = float(shown.max(initial=0.0)) or 1.0
    low = max(float(shown.min(initial=top)), top / 10**DECADES)
    first = min(line.curve.steps[len(line.curve.steps) // EARLY] for line in lines)
    last = max(line.curve.steps[-1] for line in lines)
    x = SvgLogAxis.over(max(first, 1), max(last, 2), LEFT * 10, (WIDTH - RIGHT) * 10, margin=0.0)
    return x, SvgLogAxis.over(low, top, (HEIGHT - BOTTOM) * 10, TOP * 10)


def _path(x: Axis, y: Axis, steps: Sequence[int] | Array, values: Array) -> str:
    """A line through the values; broken where one is missing or leaves the panel."""
    along = np.asarray(steps, np.float64)
    with np.errstate(invalid="ignore"):
        inside = (values >= y.low) & (values <= y.high) & (along >= x.low)
    places = np.stack([x.at(np.where(inside, along, x.high)), y.at(np.where(inside, values, y.low))], axis=1)
    places = places.round().astype(int)
    ends = np.flatnonzero(np.diff(inside, prepend=False, append=False))
    return "".join(_stretch(places[start:end]) for start, end in zip(ends[::2], ends[1::2], strict=True))


def _stretch(places: Array) -> str:
    right, down = places[0]
    return f"M{right} {down}l" + " ".join(map(str, np.diff(places, axis=0).ravel().tolist() or (0, 0)))


def _band(x: Axis, y: Axis, line: CurveLine) -> str:
    """Half as many points as the line has are enough."""
    low, high = numbers(line.curve.low), numbers(line.curve.high)
    held = np.flatnonzero(np.isfinite(low) & np.isfinite(high))[::-2][::-1]
    if len(held) < 2:
        return ""
    steps = np.asarray(line.curve.steps)[held]
    path = _path(x, y, np.append(steps, steps[::-1]), np.append(high[held], low[held][::-1]))
    return f'<path class="band" fill="{color(line.mark)}" d="{path}z"/>'


def numbers(values: Numbers) -> Array:
    """As an array; what is missing is not a number."""
    return np.array(values, np.float64)


def _axes(x: Axis, y: Axis, unit: str) -> str:
    """Grid, ticks, and the unit above the axis of values."""
    rows = y.ticks(5)
    grid = "".join(f"M{x.start:.0f} {y.at(value):.0f}H{x.end:.0f}" for value, _ in rows)
    left = "".join(f'<text class="end" x="{x.start - 60:.0f}" y="{y.at(v) + 40:.0f}">{text}</text>' for v, text in rows)
    below = "".join(_below(x.at(step), x.end, y.start + 150, text) for step, text in x.ticks(4) if step <= x.high)
    foot = f'<text x="{(x.start + x.end) / 2:.0f}" y="{y.start + 290:.0f}">step</text>'
    head = f'<text class="start" x="0" y="110">{escape(plain_text(unit, 50))}</text>'
    axis = f"M{x.start:.0f} {y.end:.0f}V{y.start:.0f}H{x.end:.0f}"
    return (
        f'<path class="grid" d="{grid}"/><path class="axis" d="{axis}"/><g class="ticks">{left}{below}{foot}{head}</g>'
    )


def _below(place: float, end: float, y: float, text: str) -> str:
    """A number below the axis of steps; the last one ends with the axis, to leave room for the numbers of the lines."""
    side = ' class="end"' if place > end - 100 else ""
    return f'<text{side} x="{place:.0f}" y="{y:.0f}">{text}</text>'


def _ends(lines: Sequence[CurveLine], x: Axis, y: Axis) -> str:
    """The numbers of the legend beside the ends of the lines, moved apart where they would lie on each other.

    A thin line leads from the end of the curve to its number, so that one that was moved is still read rightly.
    """
    if len(lines) < 2:
        return ""
    wanted = []
    for line in lines:
        last = next((value for value in reversed(line.curve.middle) if value is not None), None)
        if last is not None and y.low <= last <= y.high:
            wanted.append((float(y.at(last)), line.mark))
    wanted.sort()
    texts, floor = [], y.end - 50
    for k, (end, mark) in enumerate(wanted):
        place = max(min(end, y.start - 50 - NUMBER * (len(wanted) - 1 - k)), floor)
        floor = place + NUMBER
        texts.append(
            f'<path class="lead" stroke="{color(mark)}" d="M{x.end:.0f} {end:.0f}L{x.end + 110:.0f} {place:.0f}"/>'
            f'<text x="{x.end + 150:.0f}" y="{place + 40:.0f}">{mark + 1}</text>'
        )
    return f'<g class="numbers">{"".join(texts)}</g>'
