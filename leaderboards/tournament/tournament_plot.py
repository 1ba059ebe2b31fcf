"""A tournament as a picture: payoffs of all pairs, and how equal shares develop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..plots.plot_style import FADED, INK, PALETTE, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .analysis import TournamentAnalysis


def tournament_plot(analysis: TournamentAnalysis) -> Figure:
    """Left the mean payoffs, best agents first; right the replicator dynamics from equal shares."""
    played, order = analysis.played, analysis.order
    names, n = [played.agents[i] for i in order], len(order)
    table = played.table[order][:, order]
    with new_figure(f"tournament/{played.env_id}", 5.5 + 0.55 * n, 2.6 + 0.35 * n) as figure:
        left, right = figure.subplots(1, 2, width_ratios=[n + 2, n + 4])
        shown = left.imshow(table, cmap="viridis")
        middle = (table.min() + table.max()) / 2.0
        for i in range(n):
            for j in range(n):
                ink = "white" if table[i, j] < middle else "black"
                left.text(j, i, f"{table[i, j]:.2f}", ha="center", va="center", color=ink, fontsize=8)
        left.set_xticks(range(n), names, rotation=45, ha="right")
        left.set_yticks(range(n), names)
        left.spines[:].set_visible(False)
        left.set_title("payoff per round, row against column", fontsize=10)
        figure.colorbar(shown, ax=left, shrink=0.8)
        for k, i in enumerate(order):
            color = PALETTE[k] if k < len(PALETTE) else FADED
            right.plot(analysis.times, analysis.path[:, i], color=color, label=played.agents[i], linewidth=1.8)
        right.set_ylim(-0.02, 1.02)
        right.set_xlabel("time, 1/payoff")
        right.set_title("shares under replicator dynamics", fontsize=10)
        right.grid(axis="y", color=INK, alpha=0.15)
        right.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure
