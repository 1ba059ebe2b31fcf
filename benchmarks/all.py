"""Every benchmark, one after the other.

Run: python benchmarks/all.py [--quick] [--cpu-time] [--json | --markdown]
"""

from __future__ import annotations

from palaestra.benchmarks import (
    data_acquisition,
    hedge,
    preference_aggregation,
    randomness,
    ray_engine,
    repeated,
    service,
    sete,
    single_lane,
    site,
    social_learning,
    start_up,
    stepping,
    vector,
    verify,
)
from palaestra.benchmarks.report import Report, Settings, command

BENCHMARKS = (
    stepping,
    single_lane,
    vector,
    hedge,
    start_up,
    sete,
    preference_aggregation,
    repeated,
    social_learning,
    data_acquisition,
    service,
    verify,
    randomness,
    ray_engine,
    site,
)


def measure(settings: Settings) -> list[Report]:
    """All tables."""
    return [report for benchmark in BENCHMARKS for report in benchmark.measure(settings)]


def main(arguments: list[str] | None = None) -> None:
    """Print the tables."""
    command(measure, __doc__ or "", arguments)


if __name__ == "__main__":
    main()
