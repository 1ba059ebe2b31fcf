"""Random numbers: nanoseconds each, against the mixing of earlier versions, which anybody could invert.

A contender draws one stream in one step after another, as rules and agents do, from the same lanes: 65,536 lanes of 16
numbers, 100 lanes of 10, and a single number for each lane. "Alone" draws for lanes at steps of their own, where
nothing can be drawn ahead; the previous mixing is timed as its batches and agents drew, step by step.

What a number must cost: 56 operations on 64-bit words (`core/threefry.py`) and 3 for a float, 8 bytes written; the
previous mixing took 9 and 3. What BLAKE2b makes of seeds is timed by the lane.

Run: python benchmarks/randomness.py [--quick] [--cpu-time] [--json | --markdown]
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np
from palaestra.benchmarks import previous_mixing
from palaestra.benchmarks.interleaved import Contender, Timings, interleaved
from palaestra.benchmarks.report import Report, Row, Settings, command
from palaestra.core.arrays import backend
from palaestra.core.randomness import Draw, derive_seeds, episode_keys, lane_keys

SIZES: tuple[tuple[int, tuple[int, ...]], ...] = ((65_536, (16,)), (100, (10,)), (65_536, ()), (100, ()), (1, ()))
MOST = 3.0
"""Times the previous mixing, at the first two sizes."""


def steps(draw_type: Any, keys: Any, law: str, shape: tuple[int, ...], alone: bool = False) -> Callable[[], object]:
    """A call that draws the next step's numbers."""
    where, turn = backend(), count()
    lanes = np.zeros(len(keys), np.int64)
    return lambda: getattr(draw_type(keys, lanes + next(turn) if alone else next(turn), where), law)("x", shape)


def contenders(lanes: int, shape: tuple[int, ...]) -> list[Contender]:
    """The present numbers and the previous ones."""
    size = lanes * int(np.prod(shape))
    keys = episode_keys(lane_keys(range(lanes), backend()), 0)
    old = previous_mixing.episode_keys(previous_mixing.lane_keys(range(lanes)), 0)
    return [
        Contender("uniform", steps(Draw, keys, "uniform", shape), size),
        Contender("uniform, previous", steps(previous_mixing.Draw, old, "uniform", shape), size),
        Contender("bits", steps(Draw, keys, "bits", shape), size),
        Contender("bits, previous", steps(previous_mixing.Draw, old, "bits", shape), size),
        Contender("bits, alone", steps(Draw, keys, "bits", shape, alone=True), size),
    ]


def measure(settings: Settings) -> list[Report]:
    """Numbers by size, then seeds."""
    rows: list[Row] = []
    for lanes, shape in SIZES:
        if settings.quick:
            lanes = min(lanes, 1000)
        times = interleaved(
            contenders(lanes, shape), settings.turns, 0.01 if settings.quick else 0.1, settings.cpu_time
        )
        size = f"{lanes:,} x {shape[0]}" if shape else f"{lanes:,} lanes, one number"
        rows += of_size(size, times, MOST if shape else None)
    return [Report("Random numbers", tuple(rows), "Medians over turns; ratios within a turn."), seeds(settings)]


def of_size(size: str, times: Timings, most: float | None) -> list[Row]:
    """What a number costs at a size."""
    found = [Row(f"{size}: {name}", 1e9 * times.median(name), "ns", better="lower") for name in times.seconds]
    ratios = [
        Row(f"{size}: {law} against previous", times.times_as_long(law, f"{law}, previous"), "x", most, "lower")
        for law in ("uniform", "bits")
    ]
    return found + ratios


def seeds(settings: Settings) -> Report:
    """From seeds to keys, and to agents' seeds."""
    lanes = 1000 if settings.quick else 100_000
    chosen = [(1 << 127) + k for k in range(lanes)]
    runs = [
        Contender("key of a lane", lambda: lane_keys(chosen, backend()), lanes),
        Contender("seed of an agent", lambda: derive_seeds(chosen, "agent/player_0"), lanes),
    ]
    times = interleaved(runs, settings.turns, 0.0, settings.cpu_time)
    rows = tuple(Row(name, 1e9 * times.median(name), "ns", better="lower") for name in times.seconds)
    return Report("Seeds and keys", rows, f"{lanes:,} lanes; one BLAKE2b each.")


def main(arguments: list[str] | None = None) -> None:
    """Print the tables."""
    command(measure, __doc__ or "", arguments)


if __name__ == "__main__":
    main()
