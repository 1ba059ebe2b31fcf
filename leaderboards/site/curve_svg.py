"""A metric over time for a few agents, with the theory's bound, written as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from markupsafe import Markup, escape

from ...core.arrays import Array
from ..submission.findings import CurveRecord, Numbers
from .shown_text import plain_text
from .svg_axis import SvgAxis, tick_text
from .svg_mark import color, dash

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 344, 214, 52, 26, 8, 34
FAR = 5.0
"""A bound that ends this many times above the highest agent is told in words, or all agents would be a flat line."""

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
    lines: Sequence[CurveLine], label: str, unit: str, bound: CurveRecord | None = None, bands: int = BANDS
) -> Markup:
    """Interquartile means over lanes; a band from the lower to the upper quartile for the first few.

    Coordinates are tenths of a pixel and written as differences, which keeps a panel to a few kB.

    Args:
        lines: The best first.
        label: What it shows, for who does not see it.
        unit: Of the values.
        bound: Whose bound is drawn: it is the environment's, not the agent's.
        bands: How many agents get a band.
    """
    banded = lines[:bands]
    middles = [numbers(line.curve.middle) for line in lines]
    edges = [numbers(part) for line in banded for part in (line.curve.low, line.curve.high)]
    shown = np.concatenate([column[len(column) // EARLY :] for column in [*middles, *edges]] or [np.zeros(0)])
    shown = shown[np.isfinite(shown)]
    bottom, top = (float(shown.min()), float(shown.max())) if len(shown) else (0.0, 1.0)
    limit = _end(bound)
    near = limit is not None and limit < FAR * abs(top)
    x = SvgAxis(0, max((line.curve.steps[-1] for line in lines), default=1), LEFT * 10, (WIDTH - RIGHT) * 10)
    y = SvgAxis.over([bottom, top, limit if near else None], (HEIGHT - BOTTOM) * 10, TOP * 10)
    parts = [_axes(x, y, unit)]
    parts += [_band(x, y, line) for line in reversed(banded)]
    if bound is not None and limit is not None:
        told = (
            ""
            if near
            else f'<text x="{x.end - 30:.0f}" y="{y.end + 110:.0f}" class="end">bound ends at {limit:.3g}</text>'
        )
        parts.append(f'<path class="bound" d="{_path(x, y, bound.steps, numbers(bound.bound or []))}"/>{told}')
    parts += [
        f'<path class="curve" stroke="{color(line.mark)}"{dash(line.mark, 10)} '
        f'd="{_path(x, y, line.curve.steps, middle)}"/>'
        for line, middle in reversed(list(zip(lines, middles, strict=True)))
    ]
    parts.append(_ends(lines, x, y))
    return Markup(
        f'<svg role="img" class="tenths" aria-label="{escape(label)}" viewBox="0 0 {WIDTH}0 {HEIGHT}0" width="{WIDTH}" '
        f'height="{HEIGHT}">{"".join(parts)}</svg>'
    )


def _end(bound: CurveRecord | None) -> float | None:
    """The last value of a bound; None where there is none that is finite."""
    if bound is None or not bound.bound or bound.bound[-1] is None or not isfinite(bound.bound[-1]):
        return None
    return bound.bound[-1]


def _path(x: SvgAxis, y: SvgAxis, steps: Sequence[int] | Array, values: Array) -> str:
    """A line through the values; broken where one is missing or leaves the panel."""
    with np.errstate(invalid="ignore"):
        inside = (values >= y.low) & (values <= y.high)
    places = np.stack([x.at(np.asarray(steps, np.float64)), y.at(np.where(inside, values, y.low))], axis=1)
    places = places.round().astype(int)
    ends = np.flatnonzero(np.diff(inside, prepend=False, append=False))
    return "".join(_stretch(places[start:end]) for start, end in zip(ends[::2], ends[1::2], strict=True))


def _stretch(places: Array) -> str:
    right, down = places[0]
    return f"M{right} {down}l" + " ".join(map(str, np.diff(places, axis=0).ravel().tolist() or (0, 0)))


def _band(x: SvgAxis, y: SvgAxis, line: CurveLine) -> str:
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


def _axes(x: SvgAxis, y: SvgAxis, unit: str) -> str:
    rows = y.ticks(5)
    grid = "".join(f"M{x.start:.0f} {y.at(value):.0f}H{x.end:.0f}" for value, _ in rows)
    left = "".join(f'<text class="end" x="{x.start - 60:.0f}" y="{y.at(v) + 40:.0f}">{text}</text>' for v, text in rows)
    below = "".join(
        f'<text x="{x.at(step):.0f}" y="{y.start + 150:.0f}">{tick_text(step, 0)}</text>'
        for step, _ in x.ticks(4)
        if step <= x.high
    )
    foot = f'<text x="{(x.start + x.end) / 2:.0f}" y="{y.start + 300:.0f}">step · {escape(plain_text(unit, 40))}</text>'
    axis = f"M{x.start:.0f} {y.end:.0f}V{y.start:.0f}H{x.end:.0f}"
    return f'<path class="grid" d="{grid}"/><path class="axis" d="{axis}"/><g class="ticks">{left}{below}{foot}</g>'


def _ends(lines: Sequence[CurveLine], x: SvgAxis, y: SvgAxis) -> str:
    """The numbers of the legend at the ends of the lines, moved apart where they would lie on each other."""
    if len(lines) < 2:
        return ""
    wanted = sorted(
        (y.at(last), line.mark)
        for line in lines
        if (last := next((value for value in reversed(line.curve.middle) if value is not None), None)) is not None
    )
    texts, floor = [], y.end
    for k, (place, mark) in enumerate(wanted):
        place = max(min(place, y.start - 110 * (len(wanted) - 1 - k)), floor)
        floor = place + 110
        texts.append(f'<text x="{x.end + 50:.0f}" y="{place + 40:.0f}">{mark + 1}</text>')
    return f'<g class="numbers">{"".join(texts)}</g>'
