"""A dot and an interval for every agent, written as SVG; a thousand of these take a second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from markupsafe import Markup, escape

from ..statistics.estimate import Estimate
from .safe_text import plain_text
from .svg_axes import SvgAxis, color

ROW, NAMES, RIGHT = 20, 204, 16
NARROW, NARROW_NAMES = 340, 132
"""Of the plot for phones, pixels."""

LETTER = 7.2
"""Pixels of a letter, about."""


@dataclass(frozen=True)
class IntervalRow:
    """One agent.

    Attributes:
        label: Its name.
        estimate: Its value and interval.
        mark: Which colour is its own; None: grey.
        hollow: Drawn hollow, as oracles are.
    """

    label: str
    estimate: Estimate
    mark: int | None
    hollow: bool = False


def interval_svg(
    rows: Sequence[IntervalRow],
    label: str,
    unit: str,
    optimum: float | None = None,
    *,
    width: int = 720,
    names: int = NAMES,
    only: str = "",
) -> Markup:
    """Rows from top to bottom, an axis below, the optimum as a dashed line.

    Args:
        rows: What to draw.
        label: What it shows, for who does not see it; the table beside it holds the numbers.
        unit: Below the axis.
        optimum: Of the metric, where it has one.
        width: Of the whole, pixels.
        names: Of these, what the names take.
        only: "wide" or "narrow": a page of the other kind does not show it; "": all do.
    """
    ends = [end for row in rows for end in (row.estimate.value, row.estimate.low, row.estimate.high)]
    axis = SvgAxis.over([*ends, optimum], names, width - RIGHT)
    bottom = ROW * len(rows) + 6
    parts = [_grid(axis, bottom, unit, 6 if width > NARROW else 4)]
    if optimum is not None:
        x = f"{axis.at(optimum):.1f}"
        parts.append(f'<path class="optimum" d="M{x} 0V{bottom}"/>')
    parts += [_row(row, axis, ROW * k + ROW // 2 + 2) for k, row in enumerate(rows)]
    shown = f' class="{only}"' if only else ""
    return Markup(
        f'<svg role="img"{shown} aria-label="{escape(label)}" viewBox="0 0 {width} {bottom + 40}" width="{width}" '
        f'height="{bottom + 40}">{"".join(parts)}</svg>'
    )


def both_widths(rows: Sequence[IntervalRow], label: str, unit: str, optimum: float | None = None) -> list[Markup]:
    """The plot for wide pages and for narrow ones; the page's style shows one of them. Arguments as `interval_svg`."""
    return [
        interval_svg(rows, label, unit, optimum, only="wide"),
        interval_svg(rows, label, unit, optimum, width=NARROW, names=NARROW_NAMES, only="narrow"),
    ]


def _grid(axis: SvgAxis, bottom: int, unit: str, about: int) -> str:
    ticks = axis.ticks(about)
    lines = "".join(f"M{axis.at(value):.1f} 0V{bottom}" for value, _ in ticks)
    texts = "".join(f'<text x="{axis.at(value):.1f}" y="{bottom + 15}">{text}</text>' for value, text in ticks)
    foot = plain_text(unit, int((axis.end + RIGHT) / LETTER))
    middle = min((axis.start + axis.end) / 2, axis.end + RIGHT - len(foot) * LETTER / 2)
    return (
        f'<path class="grid" d="{lines}"/><path class="axis" d="M{axis.start:.0f} {bottom}H{axis.end:.0f}"/>'
        f'<g class="ticks">{texts}<text x="{middle:.0f}" y="{bottom + 33}">{escape(foot)}</text></g>'
    )


def _row(row: IntervalRow, axis: SvgAxis, y: int) -> str:
    most = int((axis.start - 12) / LETTER)
    name = f'<text class="name" x="{axis.start - 12:.0f}" y="{y + 4}">{escape(plain_text(row.label, most))}</text>'
    estimate, paint = row.estimate, color(row.mark)
    if not isfinite(estimate.value):
        return name
    line = ""
    if isfinite(estimate.low) and isfinite(estimate.high):
        line = f'<path d="M{axis.at(estimate.low):.1f} {y}H{axis.at(estimate.high):.1f}" stroke="{paint}"/>'
    inside = ' class="hollow"' if row.hollow else f' fill="{paint}"'
    dot = f'<circle cx="{axis.at(estimate.value):.1f}" cy="{y}" r="4.2" stroke="{paint}"{inside}/>'
    return f'{name}<g stroke-width="2.2">{line}{dot}</g>'
