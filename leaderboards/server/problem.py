"""An error as the client gets it, always in the same form (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

from .documents import ProblemDocument

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """Ends a request.

    Args:
        status: Of HTTP.
        detail: What is wrong, what is allowed, what to do.
        headers: To send with it.
    """

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers

    @property
    def response(self) -> JSONResponse:
        """The document."""
        title = HTTPStatus(self.status).phrase
        document = ProblemDocument(title=title, status=self.status, detail=self.detail)
        return JSONResponse(document.model_dump(), self.status, self.headers, MEDIA_TYPE)

    @staticmethod
    def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
        """What OpenAPI says of an operation that may end with these."""
        retry = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 0}}}
        challenge = {"WWW-Authenticate": {"description": "Bearer.", "schema": {"type": "string"}}}
        headers = {401: challenge, 429: retry, 503: retry}
        content = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemDocument.__name__}"}}}
        return {
            status: {
                "description": HTTPStatus(status).phrase,
                "content": content,
                **({"headers": headers[status]} if status in headers else {}),
            }
            for status in statuses
        }
