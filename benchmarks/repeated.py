"""RepeatedGame-v0: turns a second of scripted play against Axelrod's, and seconds for exact regrets of one lane.

A turn is one round of one match. Ours is the whole of `palaestra.run`: agents, rules, checks and the trace of 4,096
matches at once; Axelrod's is `Match.play`, its cache of matches off, of the same strategies. The regrets are of one
lane of 10,000 rounds in the full-information mode, memory 1 and two actions each; memory 3 has 125 states and 2**85
maps, so there (1,000 rounds) the regret is enclosed from both sides.

Run: python benchmarks/repeated.py [--quick] [--cpu-time] [--json | --markdown]
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

import palaestra
from palaestra.benchmarks.interleaved import Contender, Timings, interleaved
from palaestra.benchmarks.report import Report, Row, Settings, command
from palaestra.core.traces.trace import Trace
from palaestra.metrics import metrics

PAIRS = (
    ("TitForTat", "WinStayLoseShift"),
    ("Grim", "AlwaysDefect"),
    ("TitForTat", "GenerousTitForTat"),
)
AXELROD = {
    "TitForTat": "TitForTat",
    "WinStayLoseShift": "WinStayLoseShift",
    "Grim": "Grudger",
    "AlwaysDefect": "Defector",
    "GenerousTitForTat": "GTFT",
}
"""Axelrod's names of the same strategies."""

LEAST = 50.0
"""Times Axelrod's turns a second."""


def axelrod() -> Any:
    """The library, or None where it (or what it imports) is not installed."""
    try:
        return import_module("axelrod")
    except ImportError:
        return None


def ours(pair: tuple[str, str], lanes: int, turns: int) -> Callable[[], object]:
    """A call that plays `lanes` matches of `turns` turns."""
    return partial(palaestra.run, "RepeatedGame-v0", list(pair), seeds=range(lanes), horizon=turns)


def theirs(library: Any, pair: tuple[str, str], turns: int) -> Callable[[], object]:
    """A call that plays one match of Axelrod's."""
    players = tuple(getattr(library, AXELROD[name])() for name in pair)
    return lambda: library.Match(players, turns=turns, seed=1).play()


def _turns(settings: Settings) -> Report:
    library = axelrod()
    lanes, turns = (64, 20) if settings.quick else (4096, 200)
    rows: list[Row] = []
    for pair in PAIRS:
        name = " against ".join(pair)
        sides = [Contender("ours", ours(pair, lanes, turns), lanes * turns)]
        if library is not None:
            length = 200 if settings.quick else 1000
            sides.append(Contender("axelrod", theirs(library, pair, length), length))
        times = interleaved(sides, settings.turns, cpu_time=settings.cpu_time)
        rows.append(Row(f"{name}: ours", 1e-6 * times.rate("ours"), "M turns/s"))
        if library is not None:
            rows.append(Row(f"{name}: Axelrod", 1e-6 * times.rate("axelrod"), "M turns/s"))
            rows.append(Row(f"{name}: ours against Axelrod", times.times_as_long("axelrod", "ours"), "x", LEAST))
    version = "Axelrod is not installed" if library is None else f"Axelrod {library.__version__}"
    return Report("RepeatedGame-v0: scripted turns", tuple(rows), f"{lanes:,} matches in a batch; {version}.")


def _trace(rounds: int, memory: int) -> Trace:
    options = {"information": "maps", "memory": memory}
    seats = ["LinearisedRegret", "DriftingMixture"]
    return palaestra.run("RepeatedGame-v0", seats, seeds=[0], horizon=rounds, options=options)


def _regrets(settings: Settings) -> Report:
    long, short = (50, 20) if settings.quick else (10_000, 1_000)
    rows = []
    for memory, rounds, names in (
        (1, long, ("rp_regret", "lrp_regret", "policy_regret", "block_rp_regret", "switching_rp_regret")),
        (3, short, ("rp_regret_at_least", "dynamic_rp_regret", "lrp_regret")),
    ):
        trace = _trace(rounds, memory)
        sides = [Contender(name, partial(metrics[name].load(), trace), 1) for name in names]
        times: Timings = interleaved(sides, min(settings.turns, 3), 0.0, settings.cpu_time)
        for name in names:
            target = 1.0 if name == "rp_regret" else None
            what = f"{name}, memory {memory}, {rounds:,} rounds"
            rows.append(Row(what, times.median(name), "s a lane", target, better="lower"))
    note = "One lane, 2 x 2; memory 1 has 32 deterministic maps, memory 3 has 125 states."
    return Report("RepeatedGame-v0: exact regrets", tuple(rows), note)


def measure(settings: Settings) -> list[Report]:
    """Turns and regrets."""
    return [_turns(settings), _regrets(settings)]


def main(arguments: list[str] | None = None) -> None:
    """Print the tables."""
    command(measure, __doc__ or "", arguments)


if __name__ == "__main__":
    main()
