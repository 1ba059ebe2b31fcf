"""Ctrl-C stops a run without a word from its worker processes, from their first instant on."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
import time
from multiprocessing import util
from pathlib import Path
from typing import Any

import pytest
from palaestra.leaderboards.sweeps.execute import rows_path
from palaestra.leaderboards.sweeps.local_worker import worker
from palaestra.leaderboards.sweeps.plan import plan
from palaestra.leaderboards.sweeps.spawn_process import spawn_process
from palaestra.tests.support.tiny_track import tiny_track


def test_a_process_that_ctrl_c_reaches_while_it_starts_goes_on(tmp_path: Path, capfd: Any) -> None:
    process, pipe = spawn_process(worker, tmp_path)
    assert process.pid is not None
    for _ in range(100):
        os.kill(process.pid, signal.SIGINT)
        time.sleep(0.01)
    with tiny_track() as track:
        job = plan(track, ["Uniform"], 2)[0]
    pipe.send(job)
    assert pipe.poll(60)
    while (said := pipe.recv())[0] == "step":
        pass
    assert said == ("finished",) and rows_path(tmp_path, job).is_file()
    pipe.close()
    process.join(60)
    assert process.exitcode == 0 and capfd.readouterr().err == ""


@pytest.mark.parametrize("threads", [0, 1])
def test_ctrl_c_in_the_middle_of_a_start_leaves_no_half_started_process(
    tmp_path: Path, capfd: Any, monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    """A thread of a progress bar does not block the signal, so it may be who receives it."""
    real, done = util.spawnv_passfds, threading.Event()
    for _ in range(threads):
        threading.Thread(target=done.wait, daemon=True).start()

    def interrupted(*arguments: Any) -> int:
        number: int = real(*arguments)
        started.append(number)
        os.kill(os.getpid(), signal.SIGINT)  # the process runs, and waits to be told what it is for
        time.sleep(0.1)
        return number

    started: list[int] = []
    spawn_process(worker, tmp_path)[1].close()  # Python's resource tracker runs from here on
    monkeypatch.setattr(util, "spawnv_passfds", interrupted)
    with pytest.raises(KeyboardInterrupt):
        spawn_process(worker, tmp_path)
    gc.collect()  # this end of its pipe
    for process in multiprocessing.active_children():
        process.join(60)
        assert process.exitcode == 0
    done.set()
    assert len(started) == 1 and capfd.readouterr().err == ""


def test_what_ctrl_c_does_here_is_as_before(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT), signal.pthread_sigmask(signal.SIG_BLOCK, ())
    spawn_process(worker, tmp_path)[1].close()
    assert (signal.getsignal(signal.SIGINT), signal.pthread_sigmask(signal.SIG_BLOCK, ())) == before
