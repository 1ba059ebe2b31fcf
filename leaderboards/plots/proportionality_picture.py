"""The picture of preference aggregation: what representing everybody costs in duels won, and the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .trade_off_plot import trade_off_plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..standings import Standings

FAMILY = ("FStar", "FBeta1", "FBeta5", "FBeta10", "FBeta20", "Minimax")


def proportionality_against_win_rate(standings: Standings) -> Figure:
    """Proportionality against win rate; the line follows F^beta from F* (beta = 0) to minimax (beta without end)."""
    return trade_off_plot(standings, "win_rate", "proportionality_level", FAMILY)
