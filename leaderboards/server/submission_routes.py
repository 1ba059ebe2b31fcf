"""Routes for submissions: upload one, show one, list all."""

import asyncio
import math
from collections import Counter
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Path, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Row
from starlette.concurrency import run_in_threadpool

from .documents import SubmissionDocument, SubmissionPage
from .problem import Problem
from .queue import Queue
from .rate_limit import RateLimit
from .settings import Settings
from .tokens import Token, Tokens
from .uploads import Uploads

_UPLOAD_SECONDS, _UPLOADS_UNDER_WAY = 900.0, 16
_MOST_NUMBER = 2**53 - 1
_Line = Annotated[str | None, Query(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
_ARCHIVE = {
    "requestBody": {
        "required": True,
        "description": "The contents of a submission's folder.",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}

_LOCATION: dict[int | str, dict[str, Any]] = {
    202: {
        "description": "Queued.",
        "headers": {"Location": {"description": "Address that reports its state.", "schema": {"type": "string"}}},
    }
}


def add_submission_routes(
    app: FastAPI, settings: Settings, queue: Queue, uploads: Uploads, tokens: Tokens, by_token: RateLimit
) -> None:
    """Give an application its routes under /submissions."""
    bearer = HTTPBearer(auto_error=False, description="A token of `palaestra tokens new`.")
    coming: Counter[str] = Counter()

    def authorized(given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Token:
        token = tokens.find(given.credentials) if given else None
        if token is None:
            detail = "This needs a token that was not revoked: send `Authorization: Bearer TOKEN`."
            raise Problem(401, detail, {"WWW-Authenticate": "Bearer"})
        if wait := by_token.wait(token.name):
            detail = f"The token {token.name!r} has submitted too often: wait {wait:.0f} s."
            raise Problem(429, detail, {"Retry-After": str(math.ceil(wait))})
        return token

    @app.post(
        "/submissions",
        status_code=202,
        responses={**_LOCATION, **Problem.declared(401, 403, 408, 413, 415, 422)},
        openapi_extra=_ARCHIVE,
        tags=["submissions"],
    )
    async def submit(
        request: Request, response: Response, token: Annotated[Token, Depends(authorized)]
    ) -> SubmissionDocument:
        """Upload a submission as a ZIP archive; it is verified later."""
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/zip":
            raise Problem(415, "The body must be a ZIP archive, sent as `Content-Type: application/zip`.")
        length = request.headers.get("content-length", "")[:20]
        if length.isdecimal() and int(length) > settings.most_bytes:
            raise Problem(413, f"An upload may have {settings.most_bytes} bytes; this has {length}.")
        if coming[token.name] >= settings.uploads_under_way:
            detail = (
                f"The token {token.name!r} has {coming[token.name]} uploads in progress: wait for one of them to end."
            )
            raise Problem(429, detail, {"Retry-After": "5"})
        if coming.total() >= _UPLOADS_UNDER_WAY:
            raise Problem(503, "Too many uploads at the moment: try again.", {"Retry-After": "5"})
        coming[token.name] += 1
        try:
            async with asyncio.timeout(_UPLOAD_SECONDS):
                identity = await uploads.take(request.stream(), token)
        except TimeoutError:
            raise Problem(408, f"The upload took more than {_UPLOAD_SECONDS:g} s.") from None
        finally:
            coming[token.name] -= 1
        row = await run_in_threadpool(queue.find, identity)
        assert row is not None
        response.headers["Location"] = f"/submissions/{identity}"
        return _document(row)

    @app.get("/submissions/{id}", tags=["submissions"], responses=Problem.declared(404, 422))
    def submission(id: Annotated[str, Path(pattern="^[0-9a-f]{32}$")]) -> SubmissionDocument:
        """What became of a submission."""
        row = queue.find(id)
        if row is None:
            raise Problem(404, f"There is no submission {id}.")
        return _document(row)

    @app.get("/submissions", tags=["submissions"], responses=Problem.declared(422))
    def submissions(
        track: _Line = None,
        author: _Line = None,
        before: Annotated[int | None, Query(ge=1, le=_MOST_NUMBER)] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
    ) -> SubmissionPage:
        """Every submission, refused ones too, from the newest back."""
        rows = queue.page(track, author, before, limit + 1)
        following = rows[limit - 1].number if len(rows) > limit else None
        return SubmissionPage(submissions=[_document(row) for row in rows[:limit]], next=following)


def _document(row: Row[Any]) -> SubmissionDocument:
    told = {name: getattr(row, name) for name in SubmissionDocument.model_fields}
    for name in ("received", "started", "finished"):
        told[name] = None if told[name] is None else datetime.fromtimestamp(told[name], UTC)
    return SubmissionDocument.model_validate(told)
