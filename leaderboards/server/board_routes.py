"""What is asked about the board and the service: tracks, the log, health."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from ...core.version import VERSION
from .. import tracks
from .documents import HealthDocument, TrackDocument, TrackList
from .queue import Queue
from .settings import Settings
from .supervisor import Supervisor

_LOG: dict[int | str, dict[str, Any]] = {
    200: {"description": "A line an entry.", "content": {"application/jsonl": {"schema": {"type": "string"}}}}
}


def add_board_routes(
    app: FastAPI,
    settings: Settings,
    queue: Queue,
    supervisor: Supervisor,
    isolation: Mapping[str, str],
    database: str,
) -> None:
    """Give an application `/tracks`, `/log` and `/health`."""

    @app.get("/tracks")
    def listed() -> TrackList:
        """The tracks that submissions are taken for."""
        records = [tracks[name].load() for name in tracks]
        return TrackList(
            tracks=[
                TrackDocument(
                    track=one.track_id, environment=one.env_id, metric=one.metric, seeds=one.seeds, about=one.about
                )
                for one in records
            ]
        )

    @app.get("/log", response_class=StreamingResponse, responses=_LOG)
    def log() -> StreamingResponse:
        """The hash-chained log of everything that was accepted, as JSON lines."""
        return StreamingResponse(_lines(settings.log), media_type="application/jsonl")

    @app.get("/health")
    def health() -> HealthDocument:
        """Whether the service works, and what its sandbox holds back."""
        told = {
            "status": "ok" if supervisor.alive or settings.workers == 0 else "no workers",
            "version": VERSION,
            "database": database,
            "workers": supervisor.alive,
            "submissions": queue.counts(),
            "isolation": dict(isolation),
        }
        return HealthDocument.model_validate(told)


def _lines(path: Path) -> Iterator[bytes]:
    """The log as it is now; it is only ever replaced as a whole, so an open file holds one state of it."""
    try:
        with open(path, "rb") as file:
            while piece := file.read(1 << 16):
                yield piece
    except FileNotFoundError:
        return
