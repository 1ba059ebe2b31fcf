"""What other programs take of the processor, and a step that is held up for once, do not show in an estimate."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from palaestra.leaderboards.sweeps.calibration import MEASURING, calibrate, steady_pace
from palaestra.leaderboards.sweeps.plan import plan
from palaestra.leaderboards.sweeps.thread_clock import ThreadClock
from palaestra.tests.support.tiny_track import tiny_track

BUSY = """
import time
import numpy as np

class Busy:
    batched = True
    def reset(self, task, lanes, seed):
        self.lanes, self.players = lanes, task.players
    def act(self, observation):
        end = time.thread_time() + 0.05 * self.lanes
        while time.thread_time() < end:
            pass
        shape = (self.lanes, self.players)
        return {"amounts": np.zeros(shape), "targets": np.zeros(shape, int), "play": np.zeros(self.lanes, int)}
"""


@pytest.fixture
def load() -> Iterator[None]:
    """Three busy programs for each core that this one may use."""
    busy = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3 * len(os.sched_getaffinity(0)))
    ]
    try:
        yield
    finally:
        for program in busy:
            program.kill()
            program.wait()


needs_the_kernel = pytest.mark.skipif(
    not Path("/proc/thread-self/schedstat").exists(), reason="this kernel does not tell how long a thread waited"
)


@needs_the_kernel
def test_a_clock_of_ones_own_counts_work_and_waiting_but_not_the_work_of_others(load: None) -> None:
    with closing(ThreadClock()) as clock:
        wall, worked = time.perf_counter(), time.thread_time()
        while time.thread_time() < worked + 0.5:
            pass
        time.sleep(0.25)
        own, wall, worked = clock(), time.perf_counter() - wall, time.thread_time() - worked
    assert worked + 0.25 <= own + 1e-3 and own < min(wall, 1.5 * (worked + 0.25))


def test_the_clock_stands_still_for_nobody_where_the_kernel_does_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*arguments: object) -> int:
        raise FileNotFoundError(*arguments)

    monkeypatch.setattr(os, "open", absent)
    clock = ThreadClock()
    time.sleep(0.05)
    assert 0.05 <= clock() < 5
    clock.close()


@needs_the_kernel
def test_an_estimate_on_a_busy_machine_is_that_of_an_idle_one(
    load: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "busy_agent.py").write_text(BUSY)
    monkeypatch.syspath_prepend(tmp_path)
    with tiny_track(scenarios={"one": {"horizon": 10}}) as track:
        (job,) = plan(track, ["busy_agent:Busy"], 8)
    (seconds,) = calibrate([job], 20).values()
    worked = 0.05 * 8 * 10 * 2  # both seats
    assert 0.8 * worked < seconds / MEASURING < 1.6 * worked


def test_a_step_that_is_held_up_for_once_is_passed_over() -> None:
    even = [(done, 0.01 * done) for done in range(1, 102)]
    held_up = [(done, now + (3.0 if done > 40 else 0.0)) for done, now in even]
    assert steady_pace(even) == pytest.approx(0.01) and steady_pace(held_up) == pytest.approx(0.01)


def test_what_is_done_every_few_steps_counts() -> None:
    reached = [(done, 0.01 * done + 0.4 * (done // 10)) for done in range(1, 202)]
    assert steady_pace(reached) == pytest.approx(0.05)


def test_a_pace_needs_two_moments() -> None:
    assert steady_pace([]) == steady_pace([(1, 0.5)]) == 0.0
    assert steady_pace([(1, 0.5), (2, 0.75)]) == 0.25
