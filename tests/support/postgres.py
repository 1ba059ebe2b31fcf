"""A PostgreSQL server of its own for tests: from Debian's packages, in a temporary folder, on a Unix socket."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest


def program(name: str) -> Path | None:
    """Where one of PostgreSQL's programs lies; Debian keeps them out of PATH."""
    if found := shutil.which(name):
        return Path(found)
    return max(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), default=None)


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a server; yields the URL of its database `postgres`. Skips the test where PostgreSQL is not installed."""
    initdb, pg_ctl = program("initdb"), program("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="pal-pg-"))  # short: the path of a socket may have 107 bytes
    user = None
    if os.getuid() == 0:  # PostgreSQL does not run as root
        user = next(one.pw_name for one in pwd.getpwall() if one.pw_name in ("postgres", "nobody"))
        shutil.chown(folder, user)

    def call(*command: object) -> None:
        words = [str(word) for word in command]
        with open(folder.parent / f"{folder.name}.out", "ab") as out:
            subprocess.run(words, check=True, user=user, cwd="/", stdout=out, stderr=out, timeout=120)

    data = folder / "data"
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c shared_buffers=16MB"
    try:
        call(initdb, "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")
        call(pg_ctl, "-D", data, "-l", folder / "log", "-w", "-t", "60", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://tester@/postgres?host={folder}"
        finally:
            call(pg_ctl, "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        (folder.parent / f"{folder.name}.out").unlink(missing_ok=True)


def new_database(server: str) -> str:
    """The URL of an empty database on a server."""
    from sqlalchemy import create_engine

    name = f"t{uuid4().hex[:12]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return server.replace("/postgres?", f"/{name}?")
