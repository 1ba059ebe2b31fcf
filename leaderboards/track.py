"""What a benchmark is: a frozen record of scenarios, seats, seeds and metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Track:
    """A benchmark.

    Attributes:
        track_id: `name-vN`.
        env_id: The environment.
        scenarios: Name -> the environment's options: the strata of the statistics.
        metric: The headline metric.
        metrics: All metrics reported, the headline first.
        references: Names of the reference agents.
        seats: Seat -> registered agent, for seats that the benchmarked agent does not take; it takes all others.
        seeds: Lanes of a full run of each scenario.
        demo: Option overrides of `make demo` (a short horizon, say).
        demo_seeds: Lanes of a demo run.
        about: One sentence: what a good score means.
    """

    track_id: str
    env_id: str
    scenarios: Mapping[str, Mapping[str, Any]]
    metric: str
    metrics: tuple[str, ...]
    references: tuple[str, ...]
    seats: Mapping[str, str]
    seeds: int
    demo: Mapping[str, Any]
    demo_seeds: int
    about: str
