"""Pictures of single tracks, in addition to those that every track has."""

from __future__ import annotations

from collections.abc import Callable
from inspect import getdoc
from typing import TYPE_CHECKING

import numpy as np

from ...core.errors import UnknownName
from ...core.target import named_target
from ...theory.social.robust_interval import robust_interval, speed_threshold
from .belief_trajectories import belief_trajectories
from .plot_style import INK, PALETTE, new_figure
from .trade_off_plot import trade_off_plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..sweeps.standings import Standings


def pictures(standings: Standings) -> list[tuple[str, str, Figure]]:
    """(name, caption, figure) of each of `track.pictures`; the first line of a function's docstring is its caption.

    Raises:
        PalaestraError: A name that is neither one of `PICTURES` nor "module:attribute".
    """
    drawn = []
    for name in standings.track.pictures if standings.lines else ():
        draw = _picture(name)
        caption = (getdoc(draw) or draw.__name__).partition("\n")[0]
        drawn.append((draw.__name__, caption, draw(standings)))
    return drawn


def _picture(name: str) -> Callable[[Standings], Figure]:
    if ":" in name:
        found: Callable[[Standings], Figure] = named_target(name)
        return found
    if name not in PICTURES:
        raise UnknownName("picture", name, PICTURES)
    return PICTURES[name]


def regret_against_cost(standings: Standings) -> Figure:
    """Decision regret against the cost of the data: from deciding in the dark to buying everything."""
    return trade_off_plot(standings, "acquisition_cost", "decision_regret")


FAMILY = ("FStar", "FBeta1", "FBeta5", "FBeta10", "FBeta20", "Minimax")


def proportionality_against_win_rate(standings: Standings) -> Figure:
    """Proportionality against win rate; the line follows F^beta from F* (beta = 0) to minimax (beta without end)."""
    return trade_off_plot(standings, "win_rate", "proportionality_level", FAMILY)


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


PICTURES: dict[str, Callable[[Standings], Figure]] = {
    draw.__name__: draw
    for draw in (belief_trajectories, proportionality_against_win_rate, regret_against_cost, training_that_is_robust)
}
"""What a track may name in its `pictures`."""
