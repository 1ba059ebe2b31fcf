"""The panels of one metric in one scenario: the curves, and the theoretical bound if there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from .curve_svg import BANDS, CurveLine, bound_early, bound_end, curve_svg, extent, on_log_scale

FAR = 2.0
"""A bound that lies this many times above the highest agent after a quarter of the steps is drawn in a panel of its
own, on logarithmic scales: in the first one all agents would be a flat line, or the bound a stub in the corner."""


@dataclass(frozen=True)
class Panel:
    """A plot with its title.

    Attributes:
        title: The scenario, and the scale where it is logarithmic.
        note: What is said of the bound, or "".
        svg: The plot.
        bounded: A bound is drawn in it.
    """

    title: str
    note: str
    svg: Markup
    bounded: bool


def curve_panels(
    scenario: str,
    lines: Sequence[CurveLine],
    label: str,
    unit: str,
    largest: float | None = None,
    bands: int = BANDS,
) -> list[Panel]:
    """One panel; two where the bound lies so far above the agents that one scale cannot show both.

    Args:
        scenario: Its name.
        lines: The best first, at least one.
        label: What they show, for who does not see it.
        unit: Of the values.
        largest: The largest value that the metric can have, where it is known: a bound above it says nothing.
        bands: How many agents get a band.
    """
    bound = next((line.curve for line in lines if bound_end(line.curve) is not None), None)
    end = None if bound is None else bound_end(bound)
    if end is None:
        return [Panel(scenario, "", curve_svg(lines, label, unit, bands=bands), False)]
    note = f"the bound ends at {end:.3g}"
    if largest is not None and end > largest:
        note = f"vacuous here: {note}, above the largest possible value {largest:g}"
    if bound is not None and end <= bound_early(bound) <= FAR * abs(extent(lines, bands)[1]):
        return [Panel(scenario, note, curve_svg(lines, f"{label}, with the bound", unit, bound, bands), True)]
    plain = curve_svg(lines, label, unit, bands=bands)
    if not on_log_scale(lines):
        return [Panel(scenario, f"{note}, far above this panel", plain, False)]
    scaled = curve_svg(lines, f"{label}, with the bound, on logarithmic scales", unit, bound, log=True)
    return [Panel(scenario, "", plain, False), Panel(f"{scenario}, logarithmic", note, scaled, True)]
