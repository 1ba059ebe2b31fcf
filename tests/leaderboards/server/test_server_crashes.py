"""A worker that is killed at any line of an acceptance: after the next one took over, all is done, once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="the service needs the extra 'server'")
pytest.importorskip("psycopg", reason="the service needs the extra 'server'")
from palaestra.leaderboards.server.accept_once import accept_once
from palaestra.leaderboards.server.database import open_database
from palaestra.leaderboards.server.queue import Queue
from palaestra.leaderboards.submission.log import read_log, register
from palaestra.tests.support.postgres import new_database, running_postgres
from palaestra.tests.support.tiny_uploads import TRACK, tiny_folder, tiny_manifest

KILLED_AT_MANY_LINES = """
import json, mmap, os, shutil, signal, sys
from collections import Counter
from pathlib import Path
from palaestra.leaderboards.server.accept_once import accept_once
from palaestra.leaderboards.server.database import open_database
from palaestra.leaderboards.server.queue import Queue
from palaestra.leaderboards.server.schema import submissions
from palaestra.leaderboards.submission.log import read_log, register
from palaestra.tests.support.tiny_uploads import TRACK, tiny_folder, tiny_manifest

url, home, apart = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
watched = ("accept_once.py", "server/queue.py", "board/accept.py", "submission/log.py", "core/files.py", "shutil.py")
manifest = tiny_manifest("Agent")
findings = tiny_folder(home / "incoming", manifest)
engine = open_database(url, durable=False)
lines = mmap.mmap(-1, 8)  # seen by parent and child


def trace(frame, event, argument):
    if not frame.f_code.co_filename.endswith(watched):
        return None
    if event == "line":
        done = int.from_bytes(lines[:8], "big") + 1
        lines[:8] = done.to_bytes(8, "big")
        if done == at:
            os.kill(os.getpid(), signal.SIGKILL)
    return trace


def crash(board):
    with engine.begin() as connection:
        connection.execute(submissions.delete())
    queue = Queue(engine, lease_seconds=0.0)
    queue.add(9, id="a", token="t", track=TRACK, name="Agent", author="A", manifest=findings.manifest)
    engine.dispose()  # no connection may be shared with the child
    lines[:8] = bytes(8)
    child = os.fork()
    if child == 0:
        ticket = queue.take()
        sys.settrace(trace)
        accept_once(ticket, home / "incoming", findings, board, queue)
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1]) == (at > 0)
    state = f"{len(read_log(board / 'log.jsonl'))} in the log, row {queue.find('a').state}"
    if (ticket := queue.take()) is not None:
        assert accept_once(ticket, home / "incoming", findings, board, queue)
    row, entries = queue.find("a"), read_log(board / "log.jsonl")
    assert (row.state, row.entry) == ("accepted", 0), row
    assert [(one.name, one.folder, one.manifest) for one in entries] == [("Agent", "agent", findings.manifest)]
    room = board / "submissions" / TRACK
    assert [path.name for path in room.iterdir() if not path.name.startswith(".")] == ["agent"]
    files = sorted(path.relative_to(room / "agent").as_posix() for path in (room / "agent").rglob("*.*"))
    assert files == ["findings.json", "manifest.json", "traces/00000.parquet"], files
    assert (room / "agent" / "manifest.json").read_bytes() == manifest
    assert queue.take() is None
    return state


at, states = 0, Counter()
(home / "whole").mkdir()
crash(home / "whole")
total = int.from_bytes(lines[:8], "big")
for at in sorted({*range(1, total, apart), *range(total - 20, total + 1)}):
    (home / f"at-{at}").mkdir()
    try:
        states[crash(home / f"at-{at}")] += 1
    except AssertionError as error:
        raise AssertionError(f"killed at line {at} of {total}") from error
print(json.dumps(states))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'service.db'}"
        return
    with running_postgres() as server:
        yield new_database(server)


def test_killed_in_the_middle_of_an_acceptance_it_is_accepted_once(url: str, tmp_path: Path) -> None:
    """Every crash leaves one of three states; the next worker ends each of them in the same way.

    It is killed at each of the last twenty lines that an acceptance runs, and at every so many of the others.
    """
    apart = "29" if url.startswith("sqlite") else "59"
    program = [sys.executable, "-c", KILLED_AT_MANY_LINES, url, str(tmp_path), apart]
    run = subprocess.run(program, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr[-3000:]
    assert json.loads(run.stdout).keys() == {
        "0 in the log, row verifying",
        "1 in the log, row verifying",
        "1 in the log, row accepted",
    }


def test_the_same_bytes_sent_twice_are_accepted_once(tmp_path: Path) -> None:
    queue = Queue(open_database(f"sqlite:///{tmp_path / 'service.db'}"))
    findings = tiny_folder(tmp_path / "files", tiny_manifest("Agent"))
    for identity in ("a", "b"):
        queue.add(9, id=identity, token="t", track=TRACK, name="Agent", author="A", manifest=findings.manifest)
    first, second = queue.take(), queue.take()
    assert first is not None and second is not None
    assert accept_once(second, tmp_path / "files", findings, tmp_path, queue)
    assert accept_once(first, tmp_path / "files", findings, tmp_path, queue)
    assert len(read_log(tmp_path / "log.jsonl")) == 1
    rows = [queue.find("a"), queue.find("b")]
    assert rows[0] is not None and rows[0].state == "refused" and "entry 0 of the log" in rows[0].reason
    assert rows[1] is not None and (rows[1].state, rows[1].entry) == ("accepted", 0)


def test_the_same_agent_under_another_name_is_refused_and_leaves_no_folder(tmp_path: Path) -> None:
    queue = Queue(open_database(f"sqlite:///{tmp_path / 'service.db'}"))
    for name in ("Agent", "Thief"):
        findings = tiny_folder(tmp_path / name, tiny_manifest(name, digest="a" * 64))
        queue.add(9, id=name, token="t", track=TRACK, name=name, author="A", manifest=findings.manifest)
        ticket = queue.take()
        assert ticket is not None and accept_once(ticket, tmp_path / name, findings, tmp_path, queue)
    row = queue.find("Thief")
    assert row is not None and row.state == "refused" and "'Agent' by 'A'" in row.reason
    assert [path.name for path in (tmp_path / "submissions" / TRACK).iterdir()] == ["agent"]


def test_what_the_board_refuses_after_the_verification_is_refused_and_tried_no_more(tmp_path: Path) -> None:
    """A registration made meanwhile, and the name that is kept for the references."""
    queue = Queue(open_database(f"sqlite:///{tmp_path / 'service.db'}"))
    register(tmp_path / "log.jsonl", TRACK, "Agent", "A", "a" * 64)
    for name, author, reason in (
        ("Agent", "A", "registered"),
        ("Reference", "the palaestra authors", "Say who you are"),
    ):
        manifest = tiny_manifest(name, author, digest="a" * 64 if author == "A" else None)
        findings = tiny_folder(tmp_path / name, manifest)
        queue.add(9, id=name, token="t", track=TRACK, name=name, author=author, manifest=findings.manifest)
        ticket = queue.take()
        assert ticket is not None and accept_once(ticket, tmp_path / name, findings, tmp_path, queue)
        row = queue.find(name)
        assert row is not None and row.state == "refused" and reason in row.reason
    assert not (tmp_path / "submissions").exists()


def test_a_worker_whose_lease_was_lost_while_it_verified_accepts_nothing(tmp_path: Path) -> None:
    queue = Queue(open_database(f"sqlite:///{tmp_path / 'service.db'}"), lease_seconds=0.0)
    findings = tiny_folder(tmp_path / "files", tiny_manifest("Agent"))
    queue.add(9, id="a", token="t", track=TRACK, name="Agent", author="A", manifest=findings.manifest)
    slow, other = queue.take(), queue.take()
    assert slow is not None and other is not None
    assert not accept_once(slow, tmp_path / "files", findings, tmp_path, queue)
    assert read_log(tmp_path / "log.jsonl") == ()
    assert accept_once(other, tmp_path / "files", findings, tmp_path, queue)
    assert not accept_once(slow, tmp_path / "files", findings, tmp_path, queue)
    assert len(read_log(tmp_path / "log.jsonl")) == 1
