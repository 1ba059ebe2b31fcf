"""Estimate how long jobs take by playing a little of each, in a separate process with a time limit."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing, suppress
from itertools import pairwise
from multiprocessing.connection import Connection
from statistics import median
from time import monotonic, perf_counter

from .job import Job
from .spawn_process import spawn_process
from .thread_clock import ThreadClock

SECONDS = 2.0
"""For all jobs together, once the process has started."""
SECONDS_TO_START = 5.0
MEASURING = 1.35
"""Whole job against play alone, metrics and files included: 1.06 to 1.9 over the tracks' references."""


def calibrate(jobs: Sequence[Job], seconds: float = SECONDS) -> dict[str, float]:
    """Play a few steps of jobs, those of other agents and scenarios before more of the same.

    Nothing an agent does here (raise, hang, end its process) reaches the caller: jobs it keeps from being measured are
    left out. What other programs take of the processor meanwhile is left out of the times.

    Args:
        jobs: To be measured, in the order that matters most.
        seconds: For all of them together.

    Returns:
        Key of a job -> seconds it will take about, for those that were reached in time.
    """
    process, ours = spawn_process(_measure, list(jobs), seconds)
    found: dict[str, float] = {}
    end = monotonic() + SECONDS_TO_START
    try:
        while ours.poll(max(0.0, end - monotonic())):
            key, value = ours.recv()
            if key:
                found[key] = value
            else:
                end = monotonic() + seconds
    except (EOFError, OSError):  # it is done, or an agent ended it
        return found
    finally:
        ours.close()
        process.kill()
        process.join()
    return found


def _measure(pipe: Connection, jobs: list[Job], seconds: float) -> None:
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    with suppress(OSError), open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)  # what agents print belongs to the run
        os.dup2(nowhere.fileno(), 2)
    pipe.send(("", 0.0))
    # Better a fair look at each agent and at each scenario than a glance at each agent in each scenario.
    looks = len({job.agent for job in jobs}) + len({job.scenario for job in jobs})
    for job in jobs:
        with suppress(Exception):
            pipe.send((job.key, _job_seconds(job, seconds / looks)))


class _Enough(Exception):
    """The play has gone on for long enough."""


def _job_seconds(job: Job, budget: float) -> float:
    """Seconds of a job, on the line through one lane and as many lanes as the budget allows."""
    lanes = len(job.seeds)
    _play_seconds(job, 1, 0.0)  # imports what it needs
    one, took = _play_seconds(job, 1, budget / 4)
    many = min(lanes, max(2, int(budget / 2 / max(min(took, budget / 4), 1e-9))))
    if lanes == 1:
        return MEASURING * one
    some = _play_seconds(job, many, budget / 2)[0]
    return MEASURING * (some + max(0.0, some - one) / (many - 1) * (lanes - many))


def _play_seconds(job: Job, lanes: int, budget: float) -> tuple[float, float]:
    """Seconds that whole episodes of some lanes would take, and seconds by the wall that this took."""
    from ... import rules, run

    reached: list[tuple[int, float]] = []
    built = rules(job.env_id, **job.options)
    began = perf_counter()

    def watch(done: int, total: int) -> None:
        reached.append((done, clock()))
        if done >= min(2, total) and perf_counter() - began > budget:
            raise _Enough

    with closing(ThreadClock()) as clock, suppress(_Enough):
        seated = {player: job.seats.get(player, job.agent) for player in built.facts.players}
        run(job.env_id, seated, job.seeds[:lanes], options=job.options, progress=watch, built=built)
    one, first = reached[0]
    return first + steady_pace(reached) * (built.facts.horizon - one), perf_counter() - began


GROUPS = 5


def steady_pace(reached: Sequence[tuple[int, float]]) -> float:
    """Seconds a step: the median, over five groups of successive steps, of a group's mean.

    A step that was held up for once is in one group, which the median passes over; what an agent does every few steps
    is in every group, and counts.

    Args:
        reached: (Steps done, seconds by then), ascending; 0.0 is returned for fewer than two.
    """
    spans = len(reached) - 1
    if spans < 1:
        return 0.0
    groups = min(GROUPS, spans)
    ends = [reached[k * spans // groups] for k in range(groups + 1)]
    return median((b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(ends))
