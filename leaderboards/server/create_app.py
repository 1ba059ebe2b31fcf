"""The service's application: `create_app(settings)` returns what an ASGI server runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from ...core.version import VERSION
from .address_limit import AddressLimit
from .board_routes import add_board_routes
from .database import open_database
from .health_routes import add_health_routes
from .journal import log_event
from .problem import Problem
from .problem_handlers import answer_problems
from .queue import Queue
from .rate_limit import RateLimit
from .request_guard import RequestGuard
from .sandbox import isolation
from .settings import Settings
from .submission_routes import add_submission_routes
from .supervisor import Supervisor
from .tokens import Tokens
from .uploads import Uploads

_SWEEP_SECONDS = 600.0


def create_app(settings: Settings) -> FastAPI:
    """Make the application: open the database, look at what the sandbox can do, sweep up after a crash.

    Its workers start and stop with the application's lifespan.

    Raises:
        PalaestraError: A database that cannot be used, a machine on which no sandbox holds, or data that
            every verifier could read.
    """
    engine, quick = open_database(settings.url), open_database(settings.url, durable=False)
    queue = Queue(engine, settings.lease_seconds)
    uploads, supervisor = Uploads(settings, queue), Supervisor(settings)
    by_token = RateLimit(quick, "token", settings.uploads_an_hour / 3600, settings.uploads_at_once)
    by_address = AddressLimit(settings.requests_a_minute / 60, settings.requests_at_once)
    measures = isolation(settings.data)
    uploads.sweep()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        supervisor.start()
        sweeping = asyncio.create_task(_sweep_now_and_then(uploads))
        yield
        sweeping.cancel()
        await supervisor.stop()
        engine.dispose()
        quick.dispose()

    app = FastAPI(
        title="palaestra",
        version=VERSION,
        description="Submissions to leaderboards that recompute every score.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        responses=Problem.declared(429, 500, 503),
    )
    app.add_middleware(RequestGuard, limit=by_address)
    answer_problems(app)
    add_submission_routes(app, settings, queue, uploads, Tokens(engine), by_token)
    add_board_routes(app, settings)
    add_health_routes(app, settings, queue, uploads, supervisor, measures, engine.dialect.name)
    return app


async def _sweep_now_and_then(uploads: Uploads) -> None:
    while True:
        await asyncio.sleep(_SWEEP_SECONDS)
        try:
            await run_in_threadpool(uploads.sweep)
        except (OSError, SQLAlchemyError) as trouble:
            log_event("not swept", error=trouble, level=logging.ERROR)
