"""How the service says that it is well, and to whom: people, probes and Prometheus."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the service needs the extra 'server'")
from palaestra.leaderboards.server.create_app import create_app
from palaestra.leaderboards.server.database import open_database
from palaestra.leaderboards.server.queue import Queue
from palaestra.leaderboards.server.settings import Settings
from palaestra.leaderboards.server.supervisor import Supervisor
from palaestra.leaderboards.server.worker import Worker
from palaestra.tests.support.tiny_uploads import TRACK, TRUSTING, tiny_folder, tiny_manifest

pytestmark = pytest.mark.filterwarnings("ignore:Using `httpx` with `starlette.testclient`")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "data").mkdir()
    return Settings(tmp_path / "data", workers=0, verifier=TRUSTING, requests_a_minute=0.1, requests_at_once=2)


@pytest.fixture
def client(settings: Settings) -> Iterator[Any]:
    from starlette.testclient import TestClient

    with TestClient(create_app(settings), raise_server_exceptions=False) as made:
        yield made


def queued(settings: Settings, name: str) -> None:
    findings = tiny_folder(settings.incoming / name, tiny_manifest(name))
    fields = {"id": name, "token": "t", "track": TRACK, "name": name, "author": "A", "manifest": findings.manifest}
    Queue(open_database(settings.url)).add(9, **fields)


def test_a_service_that_works_says_so_to_every_probe(settings: Settings, client: Any) -> None:
    for _ in range(5):  # more than the limit of requests
        assert client.get("/health").status_code == 200 and client.head("/health").status_code == 200
    queued(settings, "Agent")
    told = client.get("/health").json()
    assert (told["status"], told["submissions"]["queued"], told["accepts_uploads"]) == ("ok", 1, True)
    assert 0 <= told["oldest_queued_seconds"] < 60
    assert told["free_disk_bytes"] <= shutil.disk_usage(settings.data).total


def test_without_a_worker_the_service_is_not_well(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from starlette.testclient import TestClient

    monkeypatch.setattr(Supervisor, "start", lambda self: None)
    with TestClient(create_app(replace(settings, workers=1))) as client:
        answer = client.get("/health")
        assert answer.status_code == 503 and answer.json()["status"] == "no workers"
        assert client.head("/health").status_code == 503


def test_without_its_database_the_service_is_not_well_and_takes_nothing(settings: Settings, client: Any) -> None:
    with open_database(settings.url).begin() as connection:
        connection.exec_driver_sql("DROP TABLE submissions")
    answer = client.get("/health")
    told = answer.json()
    assert (answer.status_code, told["status"], told["accepts_uploads"]) == (503, "no database", False)
    assert client.get("/metrics").status_code == 503


def test_health_needs_no_write_to_the_database(settings: Settings, client: Any) -> None:
    with open_database(settings.url).begin():  # holds the lock of writers
        assert client.get("/health").json()["status"] == "ok"


def test_a_full_disk_and_a_full_queue_are_told(
    settings: Settings, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from starlette.testclient import TestClient

    queued(settings, "Agent")
    with TestClient(create_app(replace(settings, most_queued=1))) as full:
        assert full.get("/health").json()["accepts_uploads"] is False
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=(2 << 30) - 1))
    told = client.get("/health").json()
    assert told["accepts_uploads"] is False and told["free_disk_bytes"] == (2 << 30) - 1


def test_metrics_are_numbers_in_the_form_of_prometheus(settings: Settings, client: Any) -> None:
    queued(settings, "Agent")
    assert Worker(settings, Queue(open_database(settings.url))).work()
    queued(settings, "Other")
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    numbers = {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}
    assert numbers['palaestra_submissions{state="accepted"}'] == numbers['palaestra_submissions{state="queued"}'] == 1
    assert numbers["palaestra_verification_seconds_total"] > 0 and numbers["palaestra_accepts_uploads"] == 1
    named = {name.partition("{")[0] for name in numbers}
    assert named == {line.split()[2] for line in lines if line.startswith("# TYPE")}
