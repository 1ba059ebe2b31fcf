"""Which training weights help whatever society is like, against how slowly the AI learns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...theory.social.robust_interval import robust_interval, speed_threshold
from .plot_style import INK, PALETTE, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..standings import Standings

HOMOPHILY = (1.5, 3.0)
MAJORITIES = (1.5, 2.0, 3.0, 5.0)


def training_that_is_robust(standings: Standings) -> Figure:
    """Shaded: training that helps for every homophily from 1.5 to 3 and every adoption; dots: where it begins."""
    with new_figure(f"{standings.track.track_id}/threshold", 7.2, 3.6) as figure:
        axes = figure.add_subplot()
        for pi, color in zip(MAJORITIES, PALETTE, strict=False):
            threshold = float(speed_threshold(pi, HOMOPHILY, precision=1e-8))
            speed = np.linspace(threshold + 1e-6, 0.999, 100)
            found = robust_interval(pi, speed, HOMOPHILY)
            axes.fill_between(speed, found.low, found.high, color=color, alpha=0.3, linewidth=0)
            axes.plot(speed, found.low, color=color, linewidth=1.2, label=f"{pi:g} to 1, threshold {threshold:.3f}")
            axes.plot(speed, found.high, color=color, linewidth=1.2)
            axes.plot([threshold], [found.low[0]], "o", color=color, markersize=6)
        axes.set_xlabel("speed rho of the AI (1: never learns)")
        axes.set_ylabel("training weight on the majority")
        axes.grid(color=INK, alpha=0.12)
        axes.legend(title="majority to minority", loc="lower left", frameon=False, fontsize=9)
    return figure
