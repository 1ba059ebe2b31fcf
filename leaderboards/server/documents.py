"""The documents that the service sends, as schemas."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

State = Literal["queued", "verifying", "accepted", "refused"]


class ProblemDocument(BaseModel):
    """An error, as RFC 9457 has it."""

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str


class SubmissionDocument(BaseModel):
    """A submission and what became of it."""

    id: str
    state: State
    track: str
    name: str
    author: str
    reason: Annotated[str, Field(description="Why it was refused, or how the last try failed; else empty.")]
    attempts: Annotated[int, Field(ge=0, description="How often its verification was started.")]
    entry: Annotated[int | None, Field(ge=0, description="Its number in the log, once accepted.")]
    received: datetime
    started: datetime | None
    finished: datetime | None


class SubmissionPage(BaseModel):
    """Submissions, the newest first."""

    submissions: list[SubmissionDocument]
    next: Annotated[int | None, Field(description="Pass this as `before` to get the next page; null on the last page.")]


class TrackDocument(BaseModel):
    """A track that submissions are taken for."""

    track: str
    environment: str
    metric: str
    seeds: Annotated[int, Field(ge=1, description="Lanes of each scenario that a submission must have played.")]
    about: str


class TrackList(BaseModel):
    """Every track."""

    tracks: list[TrackDocument]


class HealthDocument(BaseModel):
    """How the service is."""

    status: Literal["ok", "no workers", "no database"]
    version: str
    database: Literal["sqlite", "postgresql"]
    workers: Annotated[int, Field(ge=0, description="Processes that verify, alive now.")]
    submissions: dict[State, int]
    oldest_queued_seconds: Annotated[
        float | None, Field(ge=0, description="Seconds since the oldest came in; null if none waits.")
    ]
    free_disk_bytes: Annotated[int, Field(ge=0, description="Not counting what current uploads may still take.")]
    accepts_uploads: Annotated[bool, Field(description="Whether disk, queue and database have room for another.")]
    isolation: Annotated[
        dict[str, str], Field(description="How a verifier is isolated on this machine: network, files, processes.")
    ]
