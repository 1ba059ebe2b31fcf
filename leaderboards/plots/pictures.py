"""The pictures that a track draws for itself, beside those that every track has."""

from __future__ import annotations

from inspect import getdoc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..standings import Standings


def pictures(standings: Standings) -> list[tuple[str, str, Figure]]:
    """(name, caption, figure) of each function in `track.pictures`: its name, the first line of its docstring."""
    drawn = []
    for draw in standings.track.pictures if standings.lines else ():
        caption = (getdoc(draw) or draw.__name__).partition("\n")[0]
        drawn.append((draw.__name__, caption, draw(standings)))
    return drawn
