"""Middleware for every request: rate limit per address, security headers, and no traceback for the client."""

from __future__ import annotations

import asyncio
import errno
import logging
import math
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect

from .address_limit import AddressLimit, counted_address
from .journal import log_event
from .problem import Problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class RequestGuard:
    """ASGI middleware.

    Args:
        app: What it shields.
        limit: Of requests, for each address; `/health` is not counted.
    """

    def __init__(self, app: ASGIApp, limit: AddressLimit) -> None:
        self._app, self._limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def send_shielded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                extra = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        try:
            if scope["path"] != "/health" and (wait := self._limit.wait(_key(scope))):
                raise Problem(
                    429,
                    f"Too many requests from your address: wait {wait:.1f} s.",
                    {"Retry-After": str(math.ceil(wait))},
                )
            await self._app(scope, receive, send_shielded)
        except asyncio.CancelledError:  # the server stops, and has waited long enough
            if not begun:
                stops = Problem(
                    503, "The service is stopping: send the request again in a moment.", {"Retry-After": "30"}
                )
                await stops.response(scope, receive, send_shielded)
        except Exception as error:
            if begun:
                raise
            await _problem(error).response(scope, receive, send_shielded)


def _problem(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, ClientDisconnect):
        return Problem(400, "The upload was interrupted.")  # nobody hears it
    if isinstance(error, SQLAlchemyError):
        log_event("database error", error=error, level=logging.ERROR)
        return Problem(503, "The database does not answer: try again in a moment.", {"Retry-After": "5"})
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        log_event("disk full", error=error, level=logging.ERROR)
        return Problem(503, "The disk of the service is full: try again later.", {"Retry-After": "3600"})
    logging.getLogger("palaestra.service").error("request failed", exc_info=error)
    return Problem(500, "The service failed; its operator finds the reason in its output.")


def _key(scope: Scope) -> str:
    return counted_address(str((scope.get("client") or ("unknown", 0))[0]))
