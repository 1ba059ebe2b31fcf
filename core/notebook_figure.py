"""A matplotlib figure that a notebook shows without pyplot and whichever backend is chosen."""

from __future__ import annotations

from io import BytesIO

from matplotlib.figure import Figure


class NotebookFigure(Figure):
    """A figure that shows itself as the last value of a notebook's cell."""

    def _repr_png_(self) -> bytes:
        """What a notebook asks for."""
        held = BytesIO()
        self.savefig(held, format="png", dpi=120, facecolor="white")
        return held.getvalue()
