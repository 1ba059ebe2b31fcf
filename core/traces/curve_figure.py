"""Curves of many lanes over time as a figure, one panel per curve."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..arrays import Array
from ..errors import PalaestraError
from ..notebook_figure import NotebookFigure


def curve_figure(curves: Mapping[str, Array], title: str) -> NotebookFigure:
    """The median over lanes after every step, with a band from the lower to the upper quartile.

    Args:
        curves: Name -> (steps, lanes).
        title: Above the panels.

    Raises:
        PalaestraError: No curves.
    """
    if not curves:
        raise PalaestraError(
            "There is nothing to plot: the trace holds no rewards, or no metric has a value after every step. "
            "palaestra.replay(trace) computes the rewards again."
        )
    figure = NotebookFigure(figsize=(7.2, 0.7 + 1.9 * len(curves)), layout="constrained")
    figure.suptitle(title, fontsize=10)
    panels = figure.subplots(len(curves), 1, squeeze=False, sharex=True)[:, 0]
    for axes, (name, values) in zip(panels, curves.items(), strict=True):
        steps = np.arange(1, len(values) + 1)
        low, middle, high = np.quantile(values, (0.25, 0.5, 0.75), axis=1)
        axes.fill_between(steps, low, high, alpha=0.2, linewidth=0)
        axes.plot(steps, middle, linewidth=1.6, marker="o" if len(steps) < 12 else "")
        axes.set_title(name, fontsize=9, loc="left")
        axes.grid(alpha=0.2)
    panels[-1].set_xlabel("step")
    return figure
