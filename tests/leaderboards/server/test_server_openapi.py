"""The service keeps to its OpenAPI document: schemathesis asks what the document allows, and what it does not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the service needs the extra 'server'")
pytest.importorskip("schemathesis", reason="pip install schemathesis")
import schemathesis
from hypothesis import given, settings
from hypothesis import strategies as st
from palaestra.leaderboards.server.create_app import create_app
from palaestra.leaderboards.server.database import open_database
from palaestra.leaderboards.server.problem import MEDIA_TYPE
from palaestra.leaderboards.server.settings import Settings
from palaestra.leaderboards.server.tokens import Tokens
from palaestra.tests.support.tiny_uploads import TRUSTING, tiny_archive, tiny_manifest
from schemathesis.engine import events, from_schema

NAMES = st.text("abcdefghijklmnopqrstuvwxyzäλ0123456789-", min_size=1, max_size=50)
schemathesis.openapi.media_type("application/zip", NAMES.map(lambda name: tiny_archive(tiny_manifest(name))))


@pytest.fixture
def app(tmp_path: Path) -> tuple[Any, str]:
    """A service that takes thousands of requests, and a token."""
    made = Settings(
        tmp_path,
        workers=0,
        verifier=TRUSTING,
        uploads_at_once=100_000,
        requests_at_once=1_000_000,
        most_queued=1_000_000,
    )
    return create_app(made), Tokens(open_database(made.url)).new("token", "A")


def test_every_answer_is_one_that_the_document_declares(app: tuple[Any, str]) -> None:
    """Every check that schemathesis has, in every phase it has, with requests that are allowed and that are not."""
    made = {
        "seed": 1,
        "headers": {"Authorization": f"Bearer {app[1]}"},
        "generation": {"mode": "all", "max-examples": 6},
    }
    schema = schemathesis.openapi.from_asgi("/openapi.json", app[0], config=schemathesis.Config.from_dict(made))
    passed, tried, errors = Counter[str](), set(), []
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            errors.append(str(event))
        if isinstance(event, events.ScenarioFinished):
            tried.add(event.recorder.label)
            for check in (one for checks in event.recorder.checks.values() for one in checks):
                assert check.failure_info is None, f"{check.name}: {check.failure_info}"
                passed[check.name] += 1
    assert not errors
    operations = {"POST /submissions", "GET /submissions", "GET /submissions/{id}", "GET /tracks", "GET /log"}
    assert operations | {"GET /health", "HEAD /health", "GET /metrics"} <= tried
    assert {
        "status_code_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "ignored_auth",
    } <= passed.keys()
    assert min(passed.values()) > 50


@pytest.mark.filterwarnings("ignore:Using `httpx` with `starlette.testclient`")
def test_any_bytes_at_all_are_refused_as_the_document_says(app: tuple[Any, str]) -> None:
    from starlette.testclient import TestClient

    headers = {"Authorization": f"Bearer {app[1]}", "Content-Type": "application/zip"}
    fine = tiny_archive(tiny_manifest())
    with TestClient(app[0]) as client:

        @settings(max_examples=50)
        @given(st.binary(max_size=300) | st.integers(1, len(fine)).map(lambda cut: fine[:-cut]))
        def upload(body: bytes) -> None:
            answer = client.post("/submissions", content=body, headers=headers)
            assert answer.status_code == 422 and answer.json()["title"] and answer.headers["content-type"] == MEDIA_TYPE

        upload()


def test_the_document_declares_errors_and_the_token_of_every_operation(app: tuple[Any, str]) -> None:
    document = app[0].openapi()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert {"429", "500", "503"} <= operation["responses"].keys(), path
            for status, answer in operation["responses"].items():
                if status >= "400":
                    both = [MEDIA_TYPE, "application/json"] if (path, status) == ("/health", "503") else [MEDIA_TYPE]
                    assert list(answer["content"]) == both, (path, status)
                    assert answer["content"][MEDIA_TYPE]["schema"] == {"$ref": "#/components/schemas/ProblemDocument"}
            assert ("security" in operation) == (method == "post"), path
            assert len(operation["tags"]) == 1, path
    assert document["components"]["schemas"]["ProblemDocument"]["required"] == ["title", "status", "detail"]
    upload = document["paths"]["/submissions"]["post"]
    assert upload["responses"].keys() == {"202", "401", "403", "408", "413", "415", "422", "429", "500", "503"}
    assert list(upload["requestBody"]["content"]) == ["application/zip"]
    assert upload["responses"]["202"]["headers"].keys() == {"Location"}
