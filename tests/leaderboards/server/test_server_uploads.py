"""Uploads that come slowly, many at once, or to a disk that is nearly full keep nobody out for long."""

from __future__ import annotations

import asyncio
import errno
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the service needs the extra 'server'")
from palaestra.leaderboards.server.create_app import create_app
from palaestra.leaderboards.server.database import open_database
from palaestra.leaderboards.server.problem import Problem
from palaestra.leaderboards.server.queue import Queue
from palaestra.leaderboards.server.settings import Settings
from palaestra.leaderboards.server.tokens import Token, Tokens
from palaestra.leaderboards.server.uploads import Uploads
from palaestra.tests.support.tiny_uploads import TRUSTING, tiny_archive, tiny_manifest

pytestmark = pytest.mark.filterwarnings("ignore:Using `httpx` with `starlette.testclient`")
TOKEN = Token("token", "A", 0.0, None)
MODULE = "palaestra.leaderboards.server.uploads"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "data").mkdir()
    return Settings(tmp_path / "data", workers=0, verifier=TRUSTING)


@pytest.fixture
def uploads(settings: Settings) -> Uploads:
    return Uploads(settings, Queue(open_database(settings.url)))


async def coming(pieces: list[bytes], pause: float) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
        await asyncio.sleep(pause)


@pytest.mark.parametrize("piece", [b"P", b""], ids=["a byte at a time", "nothing"])
def test_a_body_that_comes_too_slowly_is_cut_off(
    uploads: Uploads, settings: Settings, piece: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{MODULE}._GRACE_SECONDS", 0.2)
    with pytest.raises(Problem, match="too slowly: 32768 bytes a second") as slow:
        asyncio.run(uploads.take(coming([piece] * 600, 0.1), TOKEN))
    assert slow.value.status == 408 and list(settings.incoming.iterdir()) == []


def test_a_body_that_comes_fast_enough_may_take_longer_than_the_grace(
    uploads: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{MODULE}._GRACE_SECONDS", 0.2)
    monkeypatch.setattr(f"{MODULE}._BYTES_A_SECOND", 100)
    body = tiny_archive(tiny_manifest())
    pieces = [body[at : at + 200] for at in range(0, len(body), 200)]
    assert len(asyncio.run(uploads.take(coming(pieces, 0.1), TOKEN))) == 32


def test_a_token_has_two_uploads_under_way_at_most_and_others_go_on(settings: Settings) -> None:
    app = create_app(settings)
    made = Tokens(open_database(settings.url))
    keys = {name: made.new(name, "A") for name in ("slow", "other")}

    def scope(token: str) -> dict[str, Any]:
        headers = [(b"authorization", f"Bearer {token}".encode()), (b"content-type", b"application/zip")]
        fixed = {"type": "http", "method": "POST", "path": "/submissions", "query_string": b"", "http_version": "1.1"}
        return {**fixed, "headers": headers, "client": ("127.0.0.1", 1), "scheme": "http", "raw_path": b"/submissions"}

    async def post(token: str, held: asyncio.Event | None, body: bytes = b"") -> int:
        statuses: list[int] = []

        async def receive() -> dict[str, Any]:
            if held is not None:
                await held.wait()
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            statuses.extend([message["status"]] if message["type"] == "http.response.start" else [])

        await app(scope(token), receive, send)
        return statuses[0]

    async def everybody() -> tuple[list[int], list[int]]:
        held = asyncio.Event()
        slow = [asyncio.create_task(post(keys["slow"], held)) for _ in range(2)]
        await asyncio.sleep(0.5)
        third = await post(keys["slow"], None)
        other = await post(keys["other"], None, tiny_archive(tiny_manifest()))
        held.set()
        return [third, other], await asyncio.gather(*slow)

    assert asyncio.run(everybody()) == ([429, 202], [422, 422])


def test_uploads_under_way_are_counted_before_another_is_taken(
    uploads: Uploads, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """2 GiB must be free beside what those under way may take: an archive, and four times as much unpacked."""
    each = 5 * settings.most_bytes
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=(2 << 30) + each))

    async def three() -> list[int]:
        first = asyncio.create_task(uploads.take(coming([b"x"] * 10, 0.1), TOKEN))
        await asyncio.sleep(0.3)
        free = [uploads.free_bytes]
        second = asyncio.create_task(uploads.take(coming([b"x"] * 10, 0.1), TOKEN))
        await asyncio.sleep(0.3)
        with pytest.raises(Problem, match="nearly full") as full:
            await uploads.take(coming([], 0.0), TOKEN)
        assert full.value.status == 503
        await asyncio.gather(first, second, return_exceptions=True)
        return [*free, uploads.free_bytes]

    assert asyncio.run(three()) == [2 << 30, (2 << 30) + each]


def test_a_disk_that_is_full_is_one_line_and_says_when_to_come_back(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from starlette.testclient import TestClient

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(f"{MODULE}.unpack", full)
    key = Tokens(open_database(settings.url)).new("token", "A")
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/zip"}
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        answer = client.post("/submissions", content=tiny_archive(tiny_manifest()), headers=headers)
    assert answer.status_code == 503 and "disk" in answer.json()["detail"] and answer.headers["retry-after"]
    (record,) = [one for one in caplog.records if one.name == "palaestra.service"]
    assert record.exc_info is None and record.getMessage().startswith('disk full error="OSError: [Errno 28]')


def test_an_upload_that_is_queued_is_logged(uploads: Uploads, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    identity = asyncio.run(uploads.take(coming([tiny_archive(tiny_manifest())], 0.0), TOKEN))
    assert f'received id="{identity}" track="transfer-welfare-v0" author="A" attempt=0 token="token"' in caplog.text


def test_an_upload_that_is_called_off_is_answered_and_leaves_nothing(settings: Settings) -> None:
    """As the server does with those that are still under way when it stops."""
    app = create_app(settings)
    key = Tokens(open_database(settings.url)).new("token", "A")
    headers = [(b"authorization", f"Bearer {key}".encode()), (b"content-type", b"application/zip")]
    fixed = {"type": "http", "method": "POST", "path": "/submissions", "query_string": b"", "http_version": "1.1"}
    scope = {**fixed, "headers": headers, "client": ("127.0.0.1", 1), "scheme": "http", "raw_path": b"/submissions"}
    sent: list[Any] = []

    async def stopped() -> None:
        async def receive() -> dict[str, Any]:
            await asyncio.sleep(600)
            return {}

        async def send(message: Any) -> None:
            sent.append(message)

        upload = asyncio.create_task(app(scope, receive, send))
        await asyncio.sleep(0.5)
        upload.cancel()
        await upload

    asyncio.run(stopped())
    assert sent[0]["status"] == 503 and b"The service is stopping" in sent[1]["body"]
    assert list(settings.incoming.iterdir()) == []
