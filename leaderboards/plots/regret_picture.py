"""The picture of data acquisition: what is spent on data against what is lost for want of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .trade_off_plot import trade_off_plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..standings import Standings


def regret_against_cost(standings: Standings) -> Figure:
    """Decision regret against the cost of the data: from deciding in the dark to buying everything."""
    return trade_off_plot(standings, "acquisition_cost", "decision_regret")
