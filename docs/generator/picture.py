"""A picture of measured agents as SVG of a few lines: no font, script or style from elsewhere."""

from __future__ import annotations

import re
from html import escape

from palaestra.docs.generator.measured_agents import Measured, track_of
from palaestra.leaderboards.sweeps.standings import measures_of

WIDTH, LEFT, RIGHT, TOP, ROW = 640, 230, 30, 14, 24
INK, DOT = "#24292f", "#1b6ca8"

NEAR = 4.0
"""Pixels by which a number may differ where a processor rounds otherwise; a picture that changed moves further."""


NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
LABEL = re.compile(r">[^<]+<")


def picture(env_id: str, agents: list[Measured]) -> str:
    """Dots with quartiles, one row an agent, in the track's own order."""
    track = track_of(env_id)
    measure = measures_of(track)[0]
    reached = [value for one in agents for value in (one.low, one.middle, one.high)]
    low, high = min(0.0, *reached), max(reached)
    scale = (WIDTH - LEFT - RIGHT) / ((high - low) or 1.0)
    floor = TOP + ROW * len(agents)
    zero = LEFT - low * scale
    body = [_axis(zero, floor, "0" if zero > LEFT + 3 * ROW else "")] if low < 0 else []
    body += [_axis(LEFT, floor, f"{low:.3g}"), _axis(WIDTH - RIGHT, floor, f"{high:.3g}")]
    for row, one in enumerate(agents):
        left, right, dot = (LEFT + (value - low) * scale for value in (one.low, one.high, one.middle))
        y = TOP + ROW * row + ROW / 2
        fill = "#ffffff" if one.privileged else DOT
        body += [
            f'<text x="{LEFT - 14}" y="{y + 4:.0f}" text-anchor="end">{escape(one.agent)}</text>',
            f'<path d="M{left:.0f} {y:.0f}H{right:.0f}" stroke="{DOT}" stroke-width="3"/>',
            f'<circle cx="{dot:.0f}" cy="{y:.0f}" r="5" fill="{fill}" stroke="{DOT}" stroke-width="2"/>',
        ]
    better = {"higher": "higher is better", "lower": "lower is better", None: "it only describes"}[measure.better]
    label = f"{measure.name} ({measure.unit}): {better}"
    middle = (LEFT + WIDTH - RIGHT) / 2
    body.append(f'<text x="{middle:.0f}" y="{floor + 38}" text-anchor="middle">{escape(label)}</text>')
    lines = "\n".join(body)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {floor + 50}" \
font-family="system-ui, sans-serif" font-size="13" fill="{INK}" role="img">
<title>{escape(label)}</title>
<rect width="100%" height="100%" rx="8" fill="#ffffff"/>
{lines}
</svg>
"""


def alike(one: str, other: str) -> bool:
    """Whether two pictures say the same: words are equal, and numbers nearly."""
    if NUMBER.sub("0", one) != NUMBER.sub("0", other):
        return False
    places = zip(_numbers(LABEL.sub("", one)), _numbers(LABEL.sub("", other)), strict=True)
    labels = zip(_numbers("".join(LABEL.findall(one))), _numbers("".join(LABEL.findall(other))), strict=True)
    near = all(abs(left - right) <= NEAR for left, right in places)
    return near and all(abs(left - right) <= 0.02 * max(abs(left), abs(right)) for left, right in labels)


def _numbers(text: str) -> list[float]:
    return [float(number) for number in NUMBER.findall(text)]


def _axis(x: float, floor: int, text: str) -> str:
    return (
        f'<path d="M{x:.0f} {TOP}V{floor}" stroke="{INK}" stroke-opacity=".2"/>'
        f'<text x="{x:.0f}" y="{floor + 17}" text-anchor="middle">{text}</text>'
    )
