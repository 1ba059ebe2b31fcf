"""How plots look: colours that bear a light and a dark page, ink that the page's stylesheet can set."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .standings import Standings

INK = "#10182a"
"""The colour of text and axes; in a page's SVG it becomes `currentColor`."""

PALETTE = ("#1f78c8", "#e0672b", "#2a9d5c", "#c8416f", "#8a63c9", "#a87d1c", "#18959c", "#7d8a2e")
"""Hues of about equal lightness, at least 3:1 against white and against a dark page."""

FADED = "#8b93a1"
"""For agents beyond the palette."""


def new_figure(name: str, width: float, height: float) -> Figure:
    """An empty figure in inches, whose SVG is the same at each making; `name` keeps ids apart within a page."""
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcParams.update(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": sha256(name.encode()).hexdigest()[:8],
            "font.family": "sans-serif",
            "font.size": 10,
            "text.color": INK,
            "axes.labelcolor": INK,
            "axes.edgecolor": INK,
            "xtick.color": INK,
            "ytick.color": INK,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.unicode_minus": True,
        }
    )
    return Figure(figsize=(width, height), layout="constrained", facecolor="none")


def agent_colors(standings: Standings) -> dict[str, str]:
    """A colour for every agent: the best have one each, the rest share a grey."""
    names = [line.agent for line in standings.lines]
    return {name: PALETTE[i] if i < len(PALETTE) else FADED for i, name in enumerate(names)}
