"""Routes for the service's health, for people, probes and Prometheus."""

import time
from collections.abc import Mapping
from typing import Any, get_args

from fastapi import FastAPI, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy.exc import SQLAlchemyError

from ...core.version import VERSION
from .documents import HealthDocument, State
from .problem import Problem
from .queue import QUEUED, VERIFYING, Queue
from .settings import Settings
from .supervisor import Supervisor
from .uploads import Uploads

_STATES: tuple[State, ...] = get_args(State)
_NOT_WELL: dict[int | str, dict[str, Any]] = {
    503: {
        "description": "No worker is running, or the database does not answer.",
        "model": HealthDocument,
        "content": Problem.declared(503)[503]["content"],
    }
}
_PROMETHEUS = "text/plain; version=0.0.4"
_METRICS: dict[int | str, dict[str, Any]] = {
    200: {"description": "In the text format of Prometheus.", "content": {_PROMETHEUS: {"schema": {"type": "string"}}}}
}


def add_health_routes(
    app: FastAPI,
    settings: Settings,
    queue: Queue,
    uploads: Uploads,
    supervisor: Supervisor,
    isolation: Mapping[str, str],
    database: str,
) -> None:
    """Give an application `/health` and `/metrics`."""

    def told() -> HealthDocument:
        counts: dict[str, int] = dict.fromkeys(_STATES, 0)
        oldest, status = None, "ok"
        try:
            counts, oldest = queue.counts(), queue.oldest()
        except SQLAlchemyError:
            status = "no database"
        if settings.workers and not supervisor.alive:
            status = "no workers"
        return HealthDocument.model_validate(
            {
                "status": status,
                "version": VERSION,
                "database": database,
                "workers": supervisor.alive,
                "submissions": counts,
                "oldest_queued_seconds": None if oldest is None else max(0.0, time.time() - oldest),
                "free_disk_bytes": uploads.free_bytes,
                "accepts_uploads": status != "no database" and uploads.accepted and _room(counts, settings),
                "isolation": dict(isolation),
            }
        )

    def health(response: Response) -> HealthDocument:
        """Whether the service works, and what its sandbox holds back. 503 where it does not work."""
        document = told()
        response.status_code = 200 if document.status == "ok" else 503
        return document

    for method in ("GET", "HEAD"):
        app.add_api_route(
            "/health",
            health,
            methods=[method],
            operation_id=f"{method.lower()}_health",
            tags=["service"],
            responses=_NOT_WELL,
        )

    @app.get("/metrics", tags=["service"], response_class=PlainTextResponse, responses=_METRICS)
    def metrics() -> Response:
        """The same in numbers, for Prometheus."""
        document = told()
        if document.status == "no database":
            raise Problem(503, "The database does not answer: try again in a moment.", {"Retry-After": "5"})
        return Response(_text(document, queue.seconds()), media_type=_PROMETHEUS)


def _room(counts: Mapping[str, int], settings: Settings) -> bool:
    return counts[QUEUED] + counts[VERIFYING] < settings.most_queued


def _text(document: HealthDocument, seconds: float) -> str:
    """https://prometheus.io/docs/instrumenting/exposition_formats/."""
    counts = document.submissions
    values: list[tuple[str, str, str, Mapping[str, float]]] = [
        ("submissions", "gauge", "Submissions by state.", {f'{{state="{name}"}}': counts[name] for name in _STATES}),
        ("oldest_queued_seconds", "gauge", "Age of the oldest that waits.", {"": document.oldest_queued_seconds or 0}),
        ("verification_seconds_total", "counter", "Seconds spent on verifications that have ended.", {"": seconds}),
        ("workers", "gauge", "Processes that verify.", {"": document.workers}),
        ("free_disk_bytes", "gauge", "Not reserved by uploads.", {"": document.free_disk_bytes}),
        ("accepts_uploads", "gauge", "1 if an upload would be accepted.", {"": int(document.accepts_uploads)}),
    ]
    lines = []
    for name, sort, about, numbers in values:
        lines += [f"# HELP palaestra_{name} {about}", f"# TYPE palaestra_{name} {sort}"]
        lines += [f"palaestra_{name}{label} {value}" for label, value in numbers.items()]
    return "\n".join(lines) + "\n"
