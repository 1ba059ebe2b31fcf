"""Routes for the board: tracks and the log."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from ..board.season import Season
from ..tracks import tracks
from .documents import TrackDocument, TrackList
from .settings import Settings

_LOG: dict[int | str, dict[str, Any]] = {
    200: {"description": "A line an entry.", "content": {"application/jsonl": {"schema": {"type": "string"}}}}
}


def add_board_routes(app: FastAPI, settings: Settings) -> None:
    """Give an application `/tracks` and `/log`.

    The tracks are loaded here: one that cannot be imported keeps the service from starting, and fails no request later.
    """
    season = Season.of(settings.data)
    known = TrackList(
        tracks=[
            TrackDocument(
                track=one.track_id, environment=one.env_id, metric=one.metric, seeds=one.seeds, about=one.about
            )
            for one in (season.track(track) for _, track in tracks.loadable())
        ]
    )

    @app.get("/tracks", tags=["board"])
    def listed() -> TrackList:
        """The tracks that submissions are taken for."""
        return known

    @app.get("/log", tags=["board"], response_class=StreamingResponse, responses=_LOG)
    def log() -> StreamingResponse:
        """The hash-chained log of everything that was accepted, as JSON lines."""
        return StreamingResponse(_lines(settings.log), media_type="application/jsonl")


def _lines(path: Path) -> Iterator[bytes]:
    """The log as it is now; it is only ever replaced as a whole, so an open file holds one state of it."""
    try:
        with open(path, "rb") as file:
            while piece := file.read(1 << 16):
                yield piece
    except FileNotFoundError:
        return
