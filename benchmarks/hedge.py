"""Hedge on RankingBandit-v0 with full information: seconds for 10,000 rounds, and how a round grows with its size.

The learner is `NumericHedge` (it sees utilities), whose arithmetic is lanes x actions; `RankingHedge` does the same
from rankings. A round is the whole of it: the environment's walk and draws, the agent's act and learn, and the trace's
rows. Where the size is small a round costs what its hundred or so numpy calls cost; beyond that it should grow by the
number.

Run: python benchmarks/hedge.py [--quick] [--cpu-time] [--json | --markdown]
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import palaestra
from palaestra.benchmarks.interleaved import Contender, interleaved
from palaestra.benchmarks.report import Report, Row, Settings, command

SIZES = ((1, 10), (10, 10), (100, 10), (1000, 10), (4000, 10), (1000, 40), (4000, 40))


def rounds(agent: str, lanes: int, actions: int, horizon: int) -> Callable[[], object]:
    """A call that plays one episode of `horizon` rounds in every lane."""
    return partial(
        palaestra.run, "RankingBandit-v0", agent, seeds=range(lanes), horizon=horizon, options={"actions": actions}
    )


def measure(settings: Settings) -> list[Report]:
    """The long run, and rounds by size."""
    horizon, short, sizes = (20, 20, SIZES[:3]) if settings.quick else (10_000, 100, SIZES)
    runs = [Contender(name, rounds(name, 100, 10, horizon), 1) for name in AGENTS]
    long = interleaved(runs, 1, 0.0, settings.cpu_time)
    seconds = [
        Row(f"{name}, 100 lanes, 10 actions, {horizon:,} rounds", long.best(name), "s", better="lower")
        for name in AGENTS
    ]
    grid = [Contender(f"{many} x {wide}", rounds(AGENTS[0], many, wide, short), short) for many, wide in sizes]
    times = interleaved(grid, min(settings.turns, 3), 0.0, settings.cpu_time)
    growth = []
    for lanes, actions in sizes:
        name = f"{lanes} x {actions}"
        growth.append(Row(f"{name}: a round", 1e6 * times.best(name), "us", better="lower"))
        growth.append(Row(f"{name}: a number", 1e9 * times.best(name) / (lanes * actions), "ns", better="lower"))
    return [
        Report("Hedge, full information: a long run", tuple(seconds), "One run each, trace included."),
        Report(
            "NumericHedge: a round by lanes x actions",
            tuple(growth),
            "Best of the turns. Linear growth is a constant time a number; small sizes pay for the calls.",
        ),
    ]


AGENTS = ("NumericHedge", "RankingHedge")


def main(arguments: list[str] | None = None) -> None:
    """Print the tables."""
    command(measure, __doc__ or "", arguments)


if __name__ == "__main__":
    main()
