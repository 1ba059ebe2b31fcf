"""A metric over time for a few agents, with the theory's bound, written as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from markupsafe import Markup, escape

from ..submission.findings import CurveRecord, Numbers
from .shown_text import plain_text
from .svg_axis import SvgAxis, tick_text
from .svg_mark import color, dash

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 344, 214, 52, 26, 8, 34
FAR = 5.0
"""A bound that ends this many times above the highest agent is told in words, or all agents would be a flat line."""

BANDS = 3
"""Agents whose quartiles are drawn too."""


@dataclass(frozen=True)
class CurveLine:
    """One agent's curve.

    Attributes:
        mark: Its number in the legend, from 0: gives the line its colour and dashes, and stands at its end.
        curve: Of one metric and scenario.
    """

    mark: int
    curve: CurveRecord


def curve_svg(lines: Sequence[CurveLine], label: str, unit: str, bound: CurveRecord | None = None) -> Markup:
    """Interquartile means over lanes; a band from the lower to the upper quartile for the first few.

    Coordinates are tenths of a pixel and written as differences, which keeps a panel to a few kB.

    Args:
        lines: The best first.
        label: What it shows, for who does not see it.
        unit: Of the values.
        bound: Whose bound is drawn: it is the environment's, not the agent's.
    """
    banded = lines[:BANDS]
    shown: list[float | None] = [value for line in lines for value in line.curve.middle]
    shown += [value for line in banded for part in (line.curve.low, line.curve.high) for value in part]
    top = max((value for value in shown if value is not None), default=1.0)
    limit = _end(bound)
    near = limit is not None and limit < FAR * abs(top)
    x = SvgAxis(0, max((line.curve.steps[-1] for line in lines), default=1), LEFT * 10, (WIDTH - RIGHT) * 10)
    y = SvgAxis.over([*shown, limit if near else None], (HEIGHT - BOTTOM) * 10, TOP * 10)
    parts = [_axes(x, y, unit)]
    parts += [_band(line, x, y) for line in reversed(banded)]
    if bound is not None and limit is not None:
        told = (
            ""
            if near
            else f'<text x="{x.end - 30:.0f}" y="{y.end + 110:.0f}" class="end">bound ends at {limit:.3g}</text>'
        )
        parts.append(f'<path class="bound" d="{_path(bound.steps, bound.bound or [], x, y)}"/>{told}')
    parts += [
        f'<path class="curve" stroke="{color(line.mark)}"{dash(line.mark, 10)} '
        f'd="{_path(line.curve.steps, line.curve.middle, x, y)}"/>'
        for line in reversed(lines)
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


def _path(steps: Sequence[int], values: Numbers, x: SvgAxis, y: SvgAxis) -> str:
    """A line through the values; broken where one is missing or leaves the panel."""
    words: list[str] = []
    last: tuple[int, int] | None = None
    for step, value in zip(steps, values, strict=False):
        if value is None or not min(y.low, y.high) <= value <= max(y.low, y.high):
            last = None
            continue
        here = (round(x.at(step)), round(y.at(value)))
        words.append(f"M{here[0]} {here[1]}" if last is None else _by(here[0] - last[0], here[1] - last[1]))
        last = here
    return "".join(words)


def _by(right: int, down: int) -> str:
    return f"l{right}{'' if down < 0 else ' '}{down}"


def _band(line: CurveLine, x: SvgAxis, y: SvgAxis) -> str:
    curve = line.curve
    held = [
        (step, low, high)
        for step, low, high in zip(curve.steps, curve.low, curve.high, strict=True)
        if low is not None and high is not None
    ]
    if len(held) < 2:
        return ""
    around = [(step, high) for step, _, high in held] + [(step, low) for step, low, _ in reversed(held)]
    path = _path([step for step, _ in around], [value for _, value in around], x, y)
    return f'<path class="band" fill="{color(line.mark)}" d="{path}z"/>'


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
