"""Colours, dashes and shapes that tell agents apart, each alone: who sees no colours reads the others."""

from __future__ import annotations

from ..plots.plot_style import FADED, PALETTE

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
