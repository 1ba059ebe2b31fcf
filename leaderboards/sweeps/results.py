"""Stored rows as arrays: runs x tasks of every agent, in an order that does not depend on the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ...core.arrays import Array
from .execute import rows_path
from .job import Job
from .local_engine import is_finished


@dataclass(frozen=True)
class Curve:
    """A metric over time in one scenario.

    Attributes:
        steps: (points,): after how many steps.
        values: (agents, seeds, points).
        bound: (points,): what theory says of it, mean over seeds; None where it says nothing.
    """

    steps: Array
    values: Array
    bound: Array | None = None


@dataclass(frozen=True)
class Results:
    """What was measured; agents that did not finish every job are not in it.

    Attributes:
        agents: In alphabetical order.
        scenarios: In the track's order.
        seeds: Ascending.
        scores: Metric -> (agents, seeds, scenarios).
        seconds: (agents,): wall time of one lane's episode, mean over rows.
        curves: Metric -> scenario -> curve.
    """

    agents: tuple[str, ...]
    scenarios: tuple[str, ...]
    seeds: tuple[int, ...]
    scores: Mapping[str, Array]
    seconds: Array
    curves: Mapping[str, Mapping[str, Curve]] = field(default_factory=dict)

    @staticmethod
    def read(jobs: Sequence[Job], folder: Path) -> Results:
        """The results of those agents all of whose jobs are finished."""
        import pyarrow.parquet as pq

        missing = {job.agent for job in jobs if not is_finished(job, folder)}
        kept = [job for job in jobs if job.agent not in missing]
        rows: list[dict[str, Any]] = []
        for job in kept:
            rows += pq.read_table(rows_path(folder, job)).to_pylist()
        return Results.of(rows, jobs[0].metrics, tuple(dict.fromkeys(job.scenario for job in jobs)))

    @staticmethod
    def of(rows: Sequence[Mapping[str, Any]], metrics: Sequence[str], scenarios: tuple[str, ...]) -> Results:
        """Arrays of rows that may come in any order.

        Args:
            rows: One an agent, scenario and seed.
            metrics: Which columns are scores.
            scenarios: The order of the tasks.
        """
        at = {(row["agent"], row["scenario"], int(row["seed"])): row for row in rows}
        agents = tuple(sorted({agent for agent, _, _ in at}))
        seeds = tuple(sorted({seed for _, _, seed in at}))
        scores = {
            name: np.array(
                [[[at[a, s, seed][name] for s in scenarios] for seed in seeds] for a in agents], np.float64
            ).reshape(len(agents), len(seeds), len(scenarios))
            for name in metrics
        }
        seconds = np.array([np.mean([at[a, s, seed]["seconds"] for s in scenarios for seed in seeds]) for a in agents])
        curves: dict[str, dict[str, Curve]] = {}
        for name in metrics:
            for s in scenarios:
                if rows and f"curve:{name}" in at[agents[0], s, seeds[0]]:
                    values = np.array([[at[a, s, seed][f"curve:{name}"] for seed in seeds] for a in agents])
                    steps = np.array(at[agents[0], s, seeds[0]]["curve:step"], np.int64)
                    curves.setdefault(name, {})[s] = Curve(steps, values, _bound(at, agents[0], s, seeds, name))
        return Results(agents, scenarios, seeds, scores, seconds, curves)


def _bound(
    at: Mapping[tuple[str, str, int], Mapping[str, Any]], agent: str, scenario: str, seeds: Sequence[int], name: str
) -> Array | None:
    """The mean bound over seeds. It depends on the environment alone, so one agent's rows tell it."""
    column = f"bound:{name}"
    if column not in at[agent, scenario, seeds[0]]:
        return None
    return np.asarray(np.mean([at[agent, scenario, seed][column] for seed in seeds], axis=0))
