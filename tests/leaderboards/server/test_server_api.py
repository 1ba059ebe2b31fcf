"""The service's HTTP: what it takes, what it refuses and how it says so, against its own OpenAPI document."""

from __future__ import annotations

import io
import json
import os
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the service needs the extra 'server'")
from palaestra.core.registry import Member
from palaestra.core.version import VERSION
from palaestra.leaderboards.server.create_app import create_app
from palaestra.leaderboards.server.database import open_database
from palaestra.leaderboards.server.queue import Queue
from palaestra.leaderboards.server.settings import Settings
from palaestra.leaderboards.server.tokens import Tokens
from palaestra.leaderboards.server.worker import Worker
from palaestra.leaderboards.tracks import tracks
from palaestra.tests.support.tiny_uploads import TRACK, TRUSTING, tiny_archive, tiny_manifest

pytestmark = pytest.mark.filterwarnings("ignore:Using `httpx` with `starlette.testclient`")
AS_ZIP = {"Content-Type": "application/zip"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "data", workers=0, verifier=TRUSTING, uploads_at_once=1000, requests_at_once=100_000)


@contextmanager
def service(settings: Settings) -> Iterator[tuple[Any, dict[str, str]]]:
    """A client, and the headers of an upload by author A."""
    from starlette.testclient import TestClient

    settings.data.mkdir(exist_ok=True)
    token = Tokens(open_database(settings.url)).new("token", "A")
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client, {"Authorization": f"Bearer {token}", **AS_ZIP}


def assert_problem(answer: Any, status: int, detail: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff" and "content-security-policy" in answer.headers
    document = answer.json()
    assert (
        document["status"] == status
        and detail in document["detail"]
        and document.keys()
        == {
            "type",
            "title",
            "status",
            "detail",
        }
    )


def test_an_upload_is_queued_verified_and_on_the_board(settings: Settings) -> None:
    with service(settings) as (client, headers):
        answer = client.post("/submissions", content=tiny_archive(tiny_manifest("Agent")), headers=headers)
        assert answer.status_code == 202 and answer.json()["state"] == "queued"
        where = answer.headers["location"]
        assert client.get("/health").json()["submissions"]["queued"] == 1
        assert Worker(settings, Queue(open_database(settings.url))).work()
        found = client.get(where).json()
        assert (found["state"], found["entry"], found["attempts"]) == ("accepted", 0, 1)
        assert found["received"] <= found["started"] <= found["finished"]
        log = client.get("/log")
        assert log.headers["content-type"] == "application/jsonl" and json.loads(log.text)["name"] == "Agent"
        assert log.content == settings.log.read_bytes()
        assert (settings.data / "submissions" / TRACK / "agent" / "manifest.json").is_file()
        health = client.get("/health").json()
        assert health["version"] == VERSION and health["isolation"].keys() == {"network", "files", "processes"}
        assert health["isolation"]["network"] != "none"


def test_submissions_are_listed_in_pages_by_track_and_author(settings: Settings) -> None:
    with service(settings) as (client, headers):
        for number in range(5):
            archive = tiny_archive(tiny_manifest(f"Agent {number}"))
            assert client.post("/submissions", content=archive, headers=headers).status_code == 202
        first = client.get("/submissions", params={"track": TRACK, "author": "A", "limit": 3}).json()
        rest = client.get("/submissions", params={"before": first["next"]}).json()
        names = [one["name"] for one in (*first["submissions"], *rest["submissions"])]
        assert names == [f"Agent {number}" for number in reversed(range(5))] and rest["next"] is None
        assert client.get("/submissions", params={"author": "B"}).json() == {"submissions": [], "next": None}
        listed = client.get("/tracks").json()["tracks"]
        assert [one["track"] for one in listed] == list(tracks)


def test_a_track_that_cannot_be_imported_keeps_the_service_from_starting(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.data.mkdir()
    monkeypatch.setitem(tracks._members, "broken-v0", Member("broken-v0", "palaestra.no_such_file", "TRACK"))
    with pytest.raises(ModuleNotFoundError, match="no_such_file"):
        create_app(settings)


def other_files() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("manifest.json", tiny_manifest())
        archive.writestr("setup.py", "import os")
    return out.getvalue()


def test_what_is_no_submission_is_refused_at_the_door_and_leaves_nothing(settings: Settings) -> None:
    fine = tiny_archive(tiny_manifest())
    with service(replace(settings, most_bytes=100_000)) as (client, headers):
        post = client.post
        wrong = {**headers, "Authorization": "Bearer pal_wrong"}
        assert_problem(post("/submissions", content=fine, headers=AS_ZIP), 401, "needs a token")
        assert_problem(post("/submissions", content=fine, headers=wrong), 401, "needs a token")
        assert post("/submissions", content=fine, headers=wrong).headers["www-authenticate"] == "Bearer"
        theirs = tiny_archive(tiny_manifest(author="Somebody else"))
        assert_problem(post("/submissions", content=theirs, headers=headers), 403, "'Somebody else'")
        text = {**headers, "Content-Type": "text/plain"}
        assert_problem(post("/submissions", content=fine, headers=text), 415, "application/zip")
        assert_problem(post("/submissions", content=bytes(100_001), headers=headers), 413, "100000")
        endless = (bytes(1000) for _ in range(1000))
        assert_problem(post("/submissions", content=endless, headers=headers), 413, "this has more")
        assert_problem(post("/submissions", content=b"", headers=headers), 422, "not a ZIP archive")
        assert_problem(post("/submissions", content=other_files(), headers=headers), 422, "'setup.py'")
        nonsense = tiny_archive(b'{"format": 1}')
        assert_problem(post("/submissions", content=nonsense, headers=headers), 422, "manifest")
        nowhere = tiny_archive(tiny_manifest(track="no-track-v0"))
        assert_problem(post("/submissions", content=nowhere, headers=headers), 422, "no track 'no-track-v0'")
        Tokens(open_database(settings.url)).revoke("token")
        assert_problem(post("/submissions", content=fine, headers=headers), 401, "not revoked")
        assert client.get("/submissions").json()["submissions"] == []
    assert list(settings.incoming.iterdir()) == []


def test_other_errors_have_the_same_form(settings: Settings) -> None:
    with service(settings) as (client, _):
        assert_problem(client.get("/nowhere"), 404, "nothing at this address")
        assert_problem(client.get(f"/submissions/{'0' * 32}"), 404, "no submission")
        assert_problem(client.get("/submissions/../../etc/passwd"), 404, "nothing")
        assert_problem(client.get("/submissions/xyz"), 422, "path.id")
        assert_problem(client.get("/submissions?limit=0"), 422, "query.limit")
        assert_problem(client.get("/submissions?track=a%00b"), 422, "query.track")
        refused = client.delete("/submissions")
        assert_problem(refused, 405, "DELETE")
        assert refused.headers["allow"] == "GET, POST"


def test_a_full_house_and_a_broken_database_say_when_to_come_back(settings: Settings) -> None:
    with service(replace(settings, most_queued=1)) as (client, headers):
        for status in (202, 503):
            archive = tiny_archive(tiny_manifest(f"Agent {status}"))
            answer = client.post("/submissions", content=archive, headers=headers)
            assert answer.status_code == status
        assert_problem(answer, 503, "are already waiting")
        assert answer.headers["retry-after"].isdecimal()
        engine = open_database(settings.url)
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE submissions")
        answer = client.get("/submissions")
        assert_problem(answer, 503, "database")
        assert "submissions" not in answer.text and answer.headers["retry-after"].isdecimal()


def test_an_error_of_ours_is_told_without_its_traceback(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with service(settings) as (client, _):
        monkeypatch.setattr(Queue, "page", lambda *_: Path("/no/secret").read_text())
        answer = client.get("/submissions")
        assert_problem(answer, 500, "its operator finds the reason")
        assert "secret" not in answer.text


def test_a_token_and_an_address_that_ask_too_often_are_told_to_wait(settings: Settings) -> None:
    with service(replace(settings, uploads_at_once=2)) as (client, headers):
        answers = [client.post("/submissions", content=b"", headers=headers) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [422, 422, 429]
        assert_problem(answers[-1], 429, "'token'")
        assert 0 < int(answers[-1].headers["retry-after"]) <= 60
        assert client.get("/health").status_code == 200, "another limit"
    with service(replace(settings, data=settings.data / "other", requests_at_once=3, requests_a_minute=0.1)) as (
        client,
        _,
    ):
        answers = [client.get(path) for path in ("/tracks", "/nowhere", "/log", "/log")]
        assert [answer.status_code for answer in answers] == [200, 404, 200, 429]
        assert_problem(answers[-1], 429, "your address")
        assert client.get("/health").status_code == 200, "a probe is not counted"
        assert int(answers[-1].headers["retry-after"]) > 0


def test_after_a_crash_uploads_that_were_never_queued_are_swept_up(settings: Settings) -> None:
    with service(settings) as (client, headers):
        waiting = client.post("/submissions", content=tiny_archive(tiny_manifest()), headers=headers).json()["id"]
    old, young, archive = (settings.incoming / name for name in ("old", "young", "old.zip"))
    scratch, working = (settings.scratch / f"palaestra-{name}" for name in ("dead", "working"))
    scratch.mkdir(parents=True)
    working.mkdir()
    old.mkdir()
    young.mkdir()
    archive.write_bytes(b"half")
    for path in (old, archive, scratch, settings.incoming / waiting):
        os.utime(path, (0, 0))
    an_hour_ago = time.time() - 3700  # a verification may take fifteen minutes beside the hour
    os.utime(working, (an_hour_ago, an_hour_ago))
    create_app(settings)
    assert {path.name for path in settings.incoming.iterdir()} == {"young", waiting} and not scratch.exists()
    assert working.exists()


def test_what_workers_left_behind_is_swept_up_while_the_service_runs(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("palaestra.leaderboards.server.create_app._SWEEP_SECONDS", 0.05)
    with service(settings):
        scratch = settings.scratch / "palaestra-dead"
        scratch.mkdir(parents=True)
        os.utime(scratch, (0, 0))
        end = time.monotonic() + 30
        while scratch.exists():
            assert time.monotonic() < end
            time.sleep(0.05)
