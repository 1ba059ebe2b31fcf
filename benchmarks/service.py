"""How many uploads a second the service takes, and how long the slowest of twenty waits for its answer.

A real server with one worker on this machine, SQLite on its disk, and eight clients at once, each on its own
connection. An upload is a manifest and a megabyte that does not pack; its answer comes when the submission is on the
disk and in the queue. The clients and the worker, whose verifier believes everything, share the cores with the server.

Run: python benchmarks/service.py [--quick] [--json | --markdown]
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from threading import local
from time import perf_counter

from palaestra.benchmarks.report import Report, Row, Settings, command
from palaestra.leaderboards.server.database import open_database
from palaestra.leaderboards.server.sandbox import Limits, run_confined
from palaestra.leaderboards.server.settings import Settings as Service
from palaestra.leaderboards.server.tokens import Tokens
from palaestra.tests.support.running_service import RunningService
from palaestra.tests.support.tiny_uploads import TRUSTING, tiny_archive, tiny_manifest

CLIENTS = 8


def timed(ask: Callable[[int], None], count: int) -> tuple[float, list[float]]:
    """How many a second when `CLIENTS` ask at once, and the seconds that each took."""

    def one(number: int) -> float:
        begun = perf_counter()
        ask(number)
        return perf_counter() - begun

    begun = perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        seconds = list(clients.map(one, range(count)))
    return count / (perf_counter() - begun), seconds


def rows(what: str, rate: float, seconds: list[float]) -> list[Row]:
    """Rate, median and 95th percentile."""
    return [
        Row(f"{what}: rate", rate, "a second"),
        Row(f"{what}: median", 1e3 * median(seconds), "ms", None, "lower"),
        Row(f"{what}: 95th percentile", 1e3 * quantiles(seconds, n=20)[-1], "ms", None, "lower"),
    ]


def measure(settings: Settings) -> list[Report]:
    """The table of the service."""
    uploads, reads, starts = (16, 40, 3) if settings.quick else (200, 1000, 20)
    with tempfile.TemporaryDirectory() as folder:
        made = Service(
            Path(folder) / "data",
            verifier=TRUSTING,
            uploads_an_hour=1e6,
            uploads_at_once=10_000,
            requests_a_minute=1e6,
            requests_at_once=1_000_000,
        )
        service = RunningService(made)
        service.start()
        own, tokens = local(), Tokens(open_database(made.url))
        names = iter(f"client-{k}" for k in range(2 * CLIENTS))  # a token has but a few uploads under way
        bodies = [tiny_archive(tiny_manifest(f"Agent {k}"), b"PAR1" + os.urandom(1 << 20)) for k in range(uploads)]

        def ask(method: str, path: str, status: int, body: bytes | None = None) -> None:
            if not hasattr(own, "connection"):
                own.connection = HTTPConnection(service.url.removeprefix("http://"), timeout=120)
                own.token = tokens.new(next(names), "A")
            headers = {"Authorization": f"Bearer {own.token}", "Content-Type": "application/zip"}
            own.connection.request(method, path, body, headers)
            answer = own.connection.getresponse()
            text = answer.read()
            assert answer.status == status, text

        try:
            found = rows("upload of 1 MB", *timed(lambda k: ask("POST", "/submissions", 202, bodies[k]), uploads))
            found += rows("page of 50 submissions", *timed(lambda k: ask("GET", "/submissions", 200), reads))
        finally:
            service.stop()
    nothing = [sys.executable, "-I", "-S", "-c", "pass"]
    seconds = []
    for _ in range(starts):
        begun = perf_counter()
        run_confined(nothing, [], Limits())
        seconds.append(perf_counter() - begun)
    found.append(Row("a sandbox that runs nothing", 1e3 * median(seconds), "ms", None, "lower"))
    return [Report("Service", tuple(found), f"{CLIENTS} clients at once; {uploads} uploads, {reads} pages.")]


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    command(measure, __doc__ or "", arguments)


if __name__ == "__main__":
    main()
