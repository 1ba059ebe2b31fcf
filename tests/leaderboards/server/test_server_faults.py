"""The whole service as its keeper starts it: uploads from many at once, and kill -9 in the middle of everything."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

pytest.importorskip("fastapi", reason="the service needs the extra 'server'")
from palaestra.leaderboards.server.database import open_database
from palaestra.leaderboards.server.queue import Queue
from palaestra.leaderboards.server.settings import Settings
from palaestra.leaderboards.submission.log import read_log
from palaestra.leaderboards.submission.manifest import seal_of
from palaestra.leaderboards.submission.submit import Submitter, submit
from palaestra.leaderboards.tracks import tracks
from palaestra.tests.support.postgres import running_postgres
from palaestra.tests.support.running_service import RunningService
from palaestra.tests.support.tiny_uploads import BELIEVES, TRACK, tiny_archive, tiny_manifest

SLOW = "import time; time.sleep(0.2)" + BELIEVES


def eventually(holds: Callable[[], bool]) -> None:
    """Wait for it; a test that hangs has failed."""
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.1)


def ended(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def done(service: RunningService, identities: list[str]) -> bool:
    return all(service.ask(f"/submissions/{one}")[1]["state"] in ("accepted", "refused") for one in identities)


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[str]:
    pytest.importorskip("psycopg", reason="the service needs the extra 'server'")
    with running_postgres() as url:
        yield url


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    believes = (sys.executable, "-I", "-S", "-c", SLOW)
    return Settings(
        tmp_path / "data",
        workers=2,
        verifier=believes,
        uploads_at_once=1000,
        uploads_under_way=6,
        requests_at_once=100_000,
        lease_seconds=1.0,
        most_attempts=50,
    )


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_whoever_is_killed_nothing_is_lost_and_nothing_accepted_twice(
    settings: Settings, database: str, request: pytest.FixtureRequest
) -> None:
    """Uploads of many at once; then server, worker, sandbox or verifier is hit, at random moments."""
    if database == "postgresql":
        settings = replace(settings, database=request.getfixturevalue("postgres"))
    random, service = Random(1), RunningService(settings)
    service.start()
    try:
        archives = [tiny_archive(tiny_manifest(f"Agent {number}")) for number in range(6)]
        with ThreadPoolExecutor(6) as many:
            answers = list(many.map(lambda body: service.ask("/submissions", body), archives))
        assert [status for status, _ in answers] == [202] * 6
        identities = [answer["id"] for _, answer in answers]
        for turn in range(4):
            time.sleep(random.uniform(0.05, 0.4))
            below = service.below()
            victim = service.process.pid if turn % 3 == 2 or not below else random.choice(below)
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                continue
            if victim == service.process.pid:
                service.process.wait(60)
                eventually(lambda below=below: all(map(ended, below)))  # type: ignore[misc]
                service.start()
        eventually(lambda: done(service, identities))
        found = [service.ask(f"/submissions/{one}")[1] for one in identities]
        assert [one["state"] for one in found] == ["accepted"] * 6
        assert sorted(one["entry"] for one in found) == list(range(6))
        entries = read_log(settings.log)
        assert sorted(entry.name for entry in entries) == [f"Agent {number}" for number in range(6)]
        assert {entries[one["entry"]].name == one["name"] for one in found} == {True}
        assert [path.name for path in settings.incoming.iterdir() if path.name in identities] == []
    finally:
        service.stop()


def test_a_killed_verifier_is_started_again_and_a_server_that_stops_takes_its_workers_along(settings: Settings) -> None:
    patient = (sys.executable, "-I", "-S", "-c", "import time; time.sleep(1.5)" + BELIEVES)
    service = RunningService(replace(settings, workers=1, verifier=patient))
    service.start()
    identity = service.ask("/submissions", tiny_archive(tiny_manifest("Agent")))[1]["id"]
    eventually(lambda: len(service.below()) >= 3)
    os.kill(service.below()[-1], signal.SIGKILL)
    eventually(lambda: done(service, [identity]))
    found = service.ask(f"/submissions/{identity}")[1]
    assert (found["state"], found["attempts"]) == ("accepted", 2)
    identity = service.ask("/submissions", tiny_archive(tiny_manifest("Other")))[1]["id"]
    eventually(lambda: len(service.below()) >= 3)
    below = service.below()
    service.stop()
    eventually(lambda: all(map(ended, below)))
    row = Queue(open_database(settings.url)).find(identity)
    assert row is not None and (row.state, row.attempts) == ("queued", 0)


def test_the_command_line_serves_what_submit_made_and_refuses_what_was_changed(tmp_path: Path) -> None:
    """`palaestra serve` with the real verifier on a real track."""
    import shutil

    track = tracks[TRACK].load()
    made = submit(track, "Uniform", Submitter("Uniform", "A"), tmp_path / "made", work=tmp_path / "work", workers=1)
    honest = Path(shutil.make_archive(str(tmp_path / "honest"), "zip", made)).read_bytes()
    manifest = json.loads((made / "manifest.json").read_text())
    scores = next(iter(manifest["scenarios"].values()))["scores"]["welfare"]
    scores[3] += 1.0
    manifest["seal"] = seal_of(json.dumps(manifest).encode())
    (made / "manifest.json").write_text(json.dumps(manifest))
    edited = Path(shutil.make_archive(str(tmp_path / "edited"), "zip", made)).read_bytes()
    data = tmp_path / "data"
    command = [sys.executable, "-m", "palaestra", "serve", "--data", str(data), "--port", "0"]
    service = RunningService(Settings(data), command)
    service.start()
    try:
        answers = [service.ask("/submissions", body) for body in (edited, honest)]
        assert [status for status, _ in answers] == [202, 202]
        identities = [answer["id"] for _, answer in answers]
        eventually(lambda: done(service, identities))
        refused, accepted = (service.ask(f"/submissions/{one}")[1] for one in identities)
        assert refused["state"] == "refused" and "lane 3: welfare is claimed" in refused["reason"]
        assert (accepted["state"], accepted["entry"], accepted["attempts"]) == ("accepted", 0, 1)
        home = data / "submissions" / TRACK / "uniform"
        assert (home / "findings.json").is_file() and [entry.name for entry in read_log(data / "log.jsonl")] == [
            "Uniform"
        ]
    finally:
        service.stop()
