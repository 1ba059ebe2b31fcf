"""How plots look: colours for light and dark pages, and ink that the page's stylesheet can set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..sweeps.standings import Standings

INK = "#10182a"
"""The colour of text and axes; in a page's SVG it becomes `currentColor`."""

PALETTE = (
    *("#1f78c8", "#e0672b", "#2a9d5c", "#c8416f", "#8a63c9", "#a87d1c"),
    *("#18959c", "#c05fb3", "#7d8a2e", "#e05252", "#6d7fd9", "#9a6b52"),
)
"""Hues of about equal lightness, at least 3:1 against white and against a dark page."""

FADED = "#8b93a1"
"""For agents beyond the palette."""


STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": INK,
    "axes.facecolor": "none",
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


@contextmanager
def new_figure(name: str, width: float, height: float) -> Iterator[Figure]:
    """An empty figure of `width` x `height` inches to be drawn on inside the block.

    The user's own matplotlib settings are as they were afterwards. `name` keeps ids apart within a page.
    """
    from matplotlib import rc_context

    from ...core.notebook_figure import NotebookFigure

    with rc_context(STYLE):
        figure = NotebookFigure(figsize=(width, height), layout="constrained", facecolor="none")
        figure.set_label(name)
        yield figure


def save_figure(figure: Figure, target: IO[Any] | Path, ending: str, *, page: bool = False) -> None:
    """Write a figure as "svg" or "png"; the same figure gives the same bytes.

    Args:
        figure: Of `new_figure`.
        target: Where to.
        ending: "svg" or "png".
        page: For a page that brings its own background; else it stands on white.
    """
    from matplotlib import rc_context

    salt = sha256(str(figure.get_label()).encode()).hexdigest()[:8]
    with rc_context({**STYLE, "svg.fonttype": "none", "svg.hashsalt": salt}):
        background = "none" if page else "white"
        kept = {"Date": None} if ending == "svg" else None
        figure.savefig(target, format=ending, dpi=160, facecolor=background, metadata=kept)


def agent_colors(standings: Standings) -> dict[str, str]:
    """A colour for every agent: the best have one each, the rest share a grey."""
    names = [line.agent for line in standings.lines]
    return {name: PALETTE[i] if i < len(PALETTE) else FADED for i, name in enumerate(names)}
