"""A tournament as tables for a terminal."""

from __future__ import annotations

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from ..statistics.estimate import Estimate
from ..statistics.number_text import number_text
from .analysis import TournamentAnalysis

NEUTRAL = 1e-9
"""A rate of growth, in payoffs, that counts as none."""

LEGEND = (
    "Means over seeds with bootstrap 95% intervals. Alpha-rank: share of time that a rarely mutating population plays "
    "the agent. Nash average: its weight in the mixture that no agent beats. Replicator: its final share, from equal "
    "shares. These three use the mean payoffs as they are, including chance."
)


def tournament_table(analysis: TournamentAnalysis) -> Group:
    """The agents, best mean payoff first; who earned what against whom; and the equilibria that evolution rests at."""
    played, order = analysis.played, analysis.order
    game = played.options.get("game", "")
    named = f" on {game}" if isinstance(game, str) and game else ""
    title = f"{played.env_id}{named}: {len(order)} agents, {played.rounds} rounds, {len(played.seeds)} seeds"
    agents = Table(box=SIMPLE_HEAD, padding=(0, 1))
    agents.add_column("agent", no_wrap=True)
    for heading in ("payoff per round", "alpha-rank", "Nash\naverage", "repli-\ncator"):
        agents.add_column(heading, justify="right", no_wrap=True)
    texts = number_text(played.scores)
    for place, i in enumerate(order, start=1):
        shares = (analysis.alpha_rank[i], analysis.nash.weights[i], analysis.path[-1][i])
        value = Text.assemble(texts[i][0], " ", (texts[i][1], "dim"))
        agents.add_row(f"{place} {played.agents[i]}", value, *(f"{share:.0%}" for share in shares))
    parts: list[Text | Table] = [Text(title, "bold"), agents, _matrix(analysis)]
    if analysis.rest_points is not None:
        parts.append(_equilibria(analysis))
    return Group(*parts, Text(LEGEND, "dim"))


def _matrix(analysis: TournamentAnalysis) -> Table:
    played, order, n = analysis.played, analysis.order, len(analysis.order)
    cells = played.estimates(played.payoffs.reshape(len(played.seeds), n * n))
    matrix = Table(
        title="payoff per round of the row against the column, with half its 95% interval",
        title_justify="left",
        box=SIMPLE_HEAD,
    )
    matrix.add_column("agent", no_wrap=True)
    for place in range(1, n + 1):
        matrix.add_column(str(place), justify="right", no_wrap=True)
    texts = [value for value, _ in number_text(cells)]
    halves = [value for value, _ in number_text([Estimate((e.high - e.low) / 2, e.low, e.high) for e in cells])]
    for place, i in enumerate(order, start=1):
        row = [Text.assemble(texts[i * n + j], "\n", (f"±{halves[i * n + j]}", "dim")) for j in order]
        matrix.add_row(str(place), *row)
    return matrix


def _equilibria(analysis: TournamentAnalysis) -> Table:
    """Those that nearby shares do not leave at first; of sets that lie in one another the largest."""
    assert analysis.rest_points is not None
    title = "Stable rest points of the replicator dynamics, where no agent earns more"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for heading in ("population", "nearby shares"):
        table.add_column(heading, overflow="fold")
    held = [(set(np.flatnonzero(point.shares)), point) for point in analysis.rest_points if point.growth <= NEUTRAL]
    for support, point in held:
        if any(support < other for other, another in held if another.dimension):
            continue
        names = [analysis.played.agents[i] for i in analysis.order if i in support]
        mix = ", ".join(f"{analysis.played.agents[i]} {point.shares[i]:.0%}" for i in analysis.order if i in support)
        text = f"mixtures of {', '.join(names)}" if point.dimension else mix
        table.add_row(text, "come back" if point.growth < -NEUTRAL else "drift")
    return table
