"""Contenders timed side by side: in turns, so that a machine that slows down slows all of them.

A ratio is the median over turns of the ratios within a turn, which holds where a ratio of two medians drifts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time


@dataclass(frozen=True)
class Contender:
    """Something to time.

    Attributes:
        name: For the table.
        run: A block of work.
        units: How many units of work one call does (agent-steps, steps, rounds).
        elsewhere: It works in other processes, so that this one's CPU seconds say nothing of it.
    """

    name: str
    run: Callable[[], object]
    units: float
    elsewhere: bool = False


@dataclass(frozen=True)
class Timings:
    """Seconds a unit of work took, by contender, one number a turn.

    Attributes:
        seconds: Contender -> seconds a unit in each turn.
    """

    seconds: dict[str, list[float]]

    def median(self, name: str) -> float:
        """Seconds a unit, median over the turns."""
        return median(self.seconds[name])

    def best(self, name: str) -> float:
        """Seconds a unit in the fastest turn: what the machine can do when nothing else runs."""
        return min(self.seconds[name])

    def rate(self, name: str) -> float:
        """Units a second, median over the turns."""
        return 1.0 / self.median(name)

    def times_as_long(self, name: str, other: str) -> float:
        """How many times as long a unit takes `name` as it takes `other`, median over the turns."""
        return median(a / b for a, b in zip(self.seconds[name], self.seconds[other], strict=True))


def interleaved(
    contenders: Sequence[Contender], turns: int, least_seconds: float = 0.05, cpu_time: bool = False
) -> Timings:
    """Time contenders in turns.

    Args:
        contenders: What to time.
        turns: How often each gets its turn; an untimed one comes first.
        least_seconds: A turn repeats the block until it took about this long, so that the clock's grain and the
            call's own cost vanish.
        cpu_time: Count this process's CPU seconds, not the wall's: the same on an idle machine, and closer to it on a
            busy one. Contenders that work elsewhere are timed by the wall all the same.

    Returns:
        Seconds a unit, by contender and turn.
    """
    calls: dict[str, int] = {}
    for contender in contenders:
        contender.run()
        calls[contender.name] = max(1, round(least_seconds / _seconds(contender, 1, cpu_time)))
    seconds: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for _ in range(turns):
        for contender in contenders:
            count = calls[contender.name]
            seconds[contender.name].append(_seconds(contender, count, cpu_time) / (count * contender.units))
    return Timings(seconds)


def _seconds(contender: Contender, count: int, cpu_time: bool) -> float:
    clock = process_time if cpu_time and not contender.elsewhere else perf_counter
    started = clock()
    for _ in range(count):
        contender.run()
    return max(clock() - started, 1e-9)
