"""Analyse a tournament with replicator dynamics, alpha-rank and Nash averaging."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.arrays import Array
from ...theory.games.alpha_rank import alpha_rank
from ...theory.games.nash_average import NashAverage, nash_average
from ...theory.games.replicator_path import replicator_path
from ...theory.games.replicator_rest_points import MOST_STRATEGIES, RestPoint, replicator_rest_points
from .tournament import Tournament

SELECTION, POPULATION = 100.0, 50
"""Of alpha-rank: alpha in units of 1 / the span of the mean payoffs, and the population's size."""

TIME = 400.0
"""Of the replicator dynamics, in units of 1 / the span of the mean payoffs."""


@dataclass(frozen=True, eq=False)
class TournamentAnalysis:
    """The mean payoffs of a tournament, read as a game between its agents.

    Attributes:
        played: The tournament.
        selection: Alpha of the alpha-rank, in 1/payoff.
        alpha_rank: (n,): shares of time.
        nash: Weights and ratings.
        path: (steps + 1, n): shares from equal ones on, by the replicator dynamics.
        times: (steps + 1,): in 1/payoff.
        rest_points: Of the replicator dynamics that are symmetric equilibria; None for too many agents.
    """

    played: Tournament
    selection: float
    alpha_rank: Array
    nash: NashAverage
    path: Array
    times: Array
    rest_points: list[RestPoint] | None

    @staticmethod
    def of(played: Tournament) -> TournamentAnalysis:
        """Analyse the mean payoffs; their spread over seeds is not carried on."""
        table = played.table
        span = float(np.ptp(table)) or 1.0
        path = replicator_path(table, time=TIME / span)
        points = None
        if len(table) <= MOST_STRATEGIES:
            points = [point for point in replicator_rest_points(table) if point.equilibrium]
        times = np.linspace(0.0, TIME / span, len(path))
        shares = alpha_rank(table, SELECTION / span, POPULATION)
        return TournamentAnalysis(played, SELECTION / span, shares, nash_average(table), path, times, points)

    @property
    def order(self) -> list[int]:
        """Agents by mean payoff, best first."""
        means = self.played.table.mean(axis=1)
        return sorted(range(len(means)), key=lambda i: -float(means[i]))

    @property
    def document(self) -> dict[str, Any]:
        """Plain JSON values."""
        played, n = self.played, len(self.played.agents)
        cells = played.estimates(played.payoffs.reshape(len(played.seeds), n * n))
        points = None if self.rest_points is None else [_point(point) for point in self.rest_points]
        return {
            "env_id": played.env_id,
            "options": dict(played.options),
            "agents": list(played.agents),
            "rounds": played.rounds,
            "seeds": list(played.seeds),
            "order": [played.agents[i] for i in self.order],
            "scores": [estimate.document for estimate in played.scores],
            "payoffs": [[cells[i * n + j].document for j in range(n)] for i in range(n)],
            "alpha_rank": {
                "selection": self.selection,
                "population": POPULATION,
                "shares": self.alpha_rank.tolist(),
            },
            "nash_average": {"weights": self.nash.weights.tolist(), "ratings": self.nash.ratings.tolist()},
            "replicator": {"time": float(self.times[-1]), "end": self.path[-1].tolist(), "equilibria": points},
        }


def _point(point: RestPoint) -> dict[str, Any]:
    return {"shares": point.shares.tolist(), "dimension": point.dimension, "growth": point.growth}
