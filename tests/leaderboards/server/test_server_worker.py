"""The worker: what becomes of a submission whose verifier believes it, refuses it, breaks, or takes too much."""

from __future__ import annotations

import re
import sys
import time
from dataclasses import replace
from pathlib import Path
from threading import Timer

import pytest

pytest.importorskip("sqlalchemy", reason="the service needs the extra 'server'")
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.server.database import open_database
from palaestra.leaderboards.server.queue import Queue
from palaestra.leaderboards.server.sandbox import Limits
from palaestra.leaderboards.server.settings import Settings
from palaestra.leaderboards.server.worker import Worker
from palaestra.leaderboards.submission.log import read_log
from palaestra.tests.support.tiny_uploads import BELIEVES, TRACK, TRUSTING, tiny_folder, tiny_manifest


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "data", verifier=TRUSTING, most_attempts=2)


def queued(settings: Settings, name: str = "Agent") -> Queue:
    """A queue with one submission, id `name`."""
    findings = tiny_folder(settings.incoming / name, tiny_manifest(name))
    queue = Queue(open_database(settings.url))
    queue.add(9, id=name, token="t", track=TRACK, name=name, author="A", manifest=findings.manifest)
    return queue


def test_a_worker_accepts_what_its_verifier_believes_and_clears_up(settings: Settings) -> None:
    queue = queued(settings)
    worker = Worker(settings, queue)
    assert worker.work() and not worker.work()
    row = queue.find("Agent")
    assert row is not None and (row.state, row.entry, row.attempts, row.reason) == ("accepted", 0, 1, "")
    assert [entry.name for entry in read_log(settings.log)] == ["Agent"]
    assert list(settings.incoming.iterdir()) == []


FAILING = {
    "it dies": ("import ctypes; ctypes.string_at(0)", "status 139"),
    "it raises": ("raise KeyError('x')", "KeyError"),
    "it says nothing": ("pass", "printed no result"),
    "it says something else": ("print('[1, 2]')", "printed no result"),
    "it says too much": ("print('[' * 100_000)", "printed no result"),
    "it speaks of another": ("""print('{"findings": {"manifest": "%064d", "lanes": 1}}' % 0)""", "another manifest"),
}


@pytest.mark.parametrize("how", FAILING)
def test_a_submission_that_breaks_its_verifier_every_time_is_refused_with_the_reason(
    settings: Settings, how: str
) -> None:
    program, reason = FAILING[how]
    settings = replace(settings, verifier=(sys.executable, "-I", "-S", "-c", program))
    queue = queued(settings)
    worker = Worker(settings, queue)
    assert worker.work()
    row = queue.find("Agent")
    assert row is not None and (row.state, row.attempts) == ("queued", 1) and reason in row.reason
    assert worker.work() and not worker.work()
    row = queue.find("Agent")
    assert row is not None and (row.state, row.attempts) == ("refused", 2)
    assert "tried 2 times" in row.reason and reason in row.reason
    assert read_log(settings.log) == () and list(settings.incoming.iterdir()) == []


OVER = {
    "time": ("import time; time.sleep(600)", Limits(wall_seconds=0.5), "more than 0.5 s"),
    "processor time": ("while True: pass", Limits(cpu_seconds=1), "more processor time"),
    "memory": ("bytearray(2 << 30)", Limits(memory_bytes=1 << 30), "more memory"),
    "disk": (
        "for n in range(10**9): open(f'f{n}', 'wb').write(bytes(1 << 20))",
        Limits(disk_bytes=16 << 20),
        "wrote files of more than",
    ),
}


@pytest.mark.parametrize("what", OVER)
def test_a_submission_over_a_limit_is_refused_at_once(settings: Settings, what: str) -> None:
    """The next try would run into it as well, and keep others waiting meanwhile."""
    program, limits, reason = OVER[what]
    settings = replace(settings, verifier=(sys.executable, "-I", "-S", "-c", program), limits=limits)
    queue = queued(settings)
    assert Worker(settings, queue).work()
    row = queue.find("Agent")
    assert row is not None and (row.state, row.attempts) == ("refused", 1) and reason in row.reason
    assert list(settings.incoming.iterdir()) == []


def test_a_submission_whose_try_failed_waits_behind_the_others(settings: Settings) -> None:
    dies = "import os, sys; os.abort() if 'Agent' in sys.argv[1] else None" + BELIEVES
    settings = replace(settings, verifier=(sys.executable, "-I", "-S", "-c", dies))
    queue = queued(settings)
    queued(settings, "Other")
    worker = Worker(settings, queue)
    assert worker.work() and worker.work()
    states = {name: row.state for name in ("Agent", "Other") if (row := queue.find(name)) is not None}
    assert states == {"Agent": "queued", "Other": "accepted"}


def test_a_submission_whose_workers_were_killed_was_tried_as_often_as_it_says(settings: Settings) -> None:
    queue = queued(settings)
    impatient = Queue(open_database(settings.url), lease_seconds=0.0)
    for _ in range(2):
        assert impatient.take() is not None  # and its worker is never heard of again
    assert Worker(settings, queue).work()
    row = queue.find("Agent")
    assert row is not None and (row.state, row.attempts) == ("refused", 2) and "tried 2 times" in row.reason


def test_every_transition_is_one_line_with_who_and_how_long(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    queue = queued(settings)
    says = """print('{"refused": "lane 2\\\\nforged: line"}')"""
    worker = Worker(settings, queue)
    assert worker.work()
    impatient = Queue(open_database(settings.url), lease_seconds=0.0)
    queued(settings, "Other")
    assert impatient.take() is not None
    worker = Worker(replace(settings, verifier=(sys.executable, "-I", "-S", "-c", says)), queue)
    assert worker.work()
    queued(settings, "Slow")
    slow = (sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)")
    assert Worker(replace(settings, verifier=slow, limits=Limits(wall_seconds=0.3)), queue).work()
    lines = [record.getMessage() for record in caplog.records]
    assert [re.split(r" id=", line)[0] for line in lines] == [
        "taken",
        "accepted",
        "recovered",
        "refused",
        "taken",
        "over a limit",
        "refused",
    ]
    for line in lines:
        assert re.search(rf'id="\w+" track="{TRACK}" author="A" attempt=\d seconds=[\d.]+', line) and "\n" not in line
    assert "entry=0" in lines[1] and 'reason="lane 2\\nforged: line"' in lines[3] and "0.3 s" in lines[5]


def test_trouble_with_the_database_is_one_line_without_a_traceback(
    settings: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.data.mkdir()
    engine = open_database(settings.url)
    worker = Worker(settings, Queue(engine))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE submissions")
    monkeypatch.setattr("palaestra.leaderboards.server.worker._TROUBLE_SECONDS", 0.0)
    Timer(0.3, worker.stop).start()
    worker.run()
    record = caplog.records[0]
    assert record.levelname == "ERROR" and record.exc_info is None and "\n" not in record.getMessage()
    assert record.getMessage().startswith("worker waits error=") and "no such table" in record.getMessage()


def test_a_refusal_is_told_as_the_verifier_said_it(settings: Settings) -> None:
    says = """print('{"refused": "drawn, lane 2: welfare is claimed to be 99"}')"""
    settings = replace(settings, verifier=(sys.executable, "-I", "-S", "-c", says))
    queue = queued(settings)
    assert Worker(settings, queue).work()
    row = queue.find("Agent")
    assert row is not None and (row.state, row.reason) == ("refused", "drawn, lane 2: welfare is claimed to be 99")
    assert list(settings.incoming.iterdir()) == []


def test_a_worker_that_is_told_to_stop_gives_its_submission_back_at_once(settings: Settings) -> None:
    settings = replace(settings, verifier=(sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)"))
    queue = queued(settings)
    worker = Worker(settings, queue)
    Timer(0.3, worker.stop).start()
    begun = time.monotonic()
    worker.run()
    row = queue.find("Agent")
    assert row is not None and (row.state, row.attempts) == ("queued", 0)
    assert time.monotonic() - begun < 300 and (settings.incoming / "Agent").is_dir()


def test_a_log_that_does_not_hold_stops_the_board_and_costs_no_submission_an_attempt(settings: Settings) -> None:
    queue = queued(settings)
    settings.log.write_text("{}\n")
    for _ in range(5):
        with pytest.raises(PalaestraError, match="is not an entry of the log"):
            Worker(settings, queue).work()
    settings.log.unlink()
    assert Worker(settings, queue).work()
    row = queue.find("Agent")
    assert row is not None and (row.state, row.attempts) == ("accepted", 1)


def test_a_submission_that_was_damaged_on_the_disk_is_refused_and_holds_nobody_up(settings: Settings) -> None:
    queue = queued(settings)
    queued(settings, "Other")
    queued(settings, "Gone")
    (settings.incoming / "Agent" / "manifest.json").write_text("{")
    (settings.incoming / "Gone" / "manifest.json").unlink()
    worker = Worker(settings, queue)
    while worker.work():
        pass
    rows = {name: queue.find(name) for name in ("Agent", "Other", "Gone")}
    states = {name: row.state for name, row in rows.items() if row is not None}
    assert states == {"Agent": "refused", "Other": "accepted", "Gone": "refused"}


def test_settings_survive_the_way_to_a_worker(settings: Settings) -> None:
    assert Settings.read(settings.text) == settings
