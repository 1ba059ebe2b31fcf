"""How beliefs develop under three planners in one society."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arrays import Array
from .plot_style import INK, PALETTE, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..sweeps.standings import Standings

SOCIETY: dict[str, Any] = {"horizon": 40, "homophily": 30.0, "majority": 0.7, "adoption": 0.15, "design": "global"}
SEED = 27
PLANNERS = ("NoAI", "MajorityTraining", "PopulationShare")


def belief_trajectories(standings: Standings) -> Figure:
    """Beliefs of sixteen agents on two islands, one line each; dashed is the mean of all signals."""
    colors = (PALETTE[0], PALETTE[1])
    with new_figure(f"{standings.track.track_id}/beliefs", 9.6, 3.0) as figure:
        panels = figure.subplots(1, len(PLANNERS), sharey=True)
        for axes, name in zip(panels, PLANNERS, strict=True):
            beliefs, first, efficient = trajectories(standings.track.env_id, name)
            for i, line in enumerate(beliefs.T):
                label = ("majority", "minority")[i >= first] if i in (0, first) else None
                axes.plot(line, color=colors[int(i >= first)], linewidth=1.2, alpha=0.8, label=label)
            axes.axhline(efficient, color=INK, linestyle="--", linewidth=1.2, label="mean of all signals")
            axes.set_title(name, fontsize=10, loc="left")
            axes.set_xlabel("round")
            axes.grid(color=INK, alpha=0.12)
        shown = np.concatenate([line.get_ydata()[1:] for axes in panels for line in axes.get_lines()])
        margin = 0.1 * np.ptp(shown)
        panels[0].set_ylim(shown.min() - margin, shown.max() + margin)  # the first signals scatter far wider
        panels[0].set_ylabel("belief")
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False, fontsize=9)
    return figure


def trajectories(env_id: str, planner: str) -> tuple[Array, int, float]:
    """Beliefs (rounds + 1, agents) under a planner, the number of the first of island 2, and the efficient estimate."""
    from ... import make_batch, run

    actions = run(env_id, planner, [SEED], options=SOCIETY).actions[0]
    batch = make_batch(env_id, 1, autoreset=False, **SOCIETY)
    batch.reset([SEED])
    beliefs = [np.array(batch.state.beliefs[0, 0])]
    for action in actions:
        batch.step([action])
        beliefs.append(np.array(batch.state.beliefs[0, 0]))
    society = batch.state.society
    return np.array(beliefs), int(society.network.sizes[0, 0]), float(society.efficient[0, 0])
