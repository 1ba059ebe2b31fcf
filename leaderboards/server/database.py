"""Open the service's database, SQLite or PostgreSQL; make its tables or check their version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from ...core.errors import PalaestraError
from ...core.extra import import_extra
from .schema import VERSION, metadata, schema_version

_MAKING = 0x70616C61
"""Key of the lock under which PostgreSQL's tables are made, so that two servers may start at once."""


def open_database(url: str, *, durable: bool = True) -> Engine:
    """Connect, and make the tables in an empty database.

    A transaction in SQLite takes the write lock as it begins (BEGIN IMMEDIATE), so that what it read still holds when
    it writes. Who only reads uses `engine.execution_options(reads=True)`, and waits for nobody.

    Args:
        url: `sqlite:///FILE` or `postgresql+psycopg://…`.
        durable: A committed transaction survives a loss of power; False where losing the last ones does no harm.

    Raises:
        PalaestraError: A URL of another kind, a database that does not answer, or one of another version.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise PalaestraError(f"The database's URL cannot be read: {error}") from None
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername == "sqlite":
        _make_file(parsed.database or "")
        engine = create_engine(parsed, connect_args={"timeout": 30})
        event.listen(engine, "connect", _prepare_durable if durable else _prepare)
        event.listen(engine, "begin", _begin)
    elif parsed.drivername == "postgresql+psycopg":
        sessions = {"application_name": "palaestra", "options": f"-c synchronous_commit={'on' if durable else 'off'}"}
        import_extra("psycopg", "server")
        engine = create_engine(parsed, connect_args={"connect_timeout": 10, **sessions}, pool_pre_ping=True)
    else:
        raise PalaestraError(
            f"The database {parsed.drivername}:// is not allowed: use sqlite:///FILE or postgresql+psycopg://…"
        )
    try:
        _make_tables(engine)
    except SQLAlchemyError as error:
        shown = parsed.render_as_string(hide_password=True)
        raise PalaestraError(f"The database {shown} cannot be used: {str(error).splitlines()[0]}") from None
    return engine


def _make_file(name: str) -> None:
    """An empty file for SQLite that its owner alone can read."""
    if name in ("", ":memory:"):
        raise PalaestraError("SQLite in memory is not allowed: server and workers share a file, sqlite:///FILE.")
    try:
        Path(name).touch(mode=0o600)
    except OSError as error:
        raise PalaestraError(f"The database {name!r} cannot be written: {error}.") from None


def _prepare(connection: Any, _: object, synchronous: str = "NORMAL") -> None:
    connection.isolation_level = None  # the driver would begin transactions by itself, and too late
    for pragma in ("journal_mode = WAL", f"synchronous = {synchronous}", "busy_timeout = 30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get("reads") else "BEGIN IMMEDIATE")


def _prepare_durable(connection: Any, record: object) -> None:
    _prepare(connection, record, "FULL")


def _make_tables(engine: Engine) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MAKING})")
        there = inspect(connection).get_table_names()
        if schema_version.name not in there:
            if taken := metadata.tables.keys() & set(there):
                raise PalaestraError(
                    f"The database holds tables of another program: {sorted(taken)}. Use another database."
                )
            metadata.create_all(connection)
            connection.execute(schema_version.insert().values(version=VERSION))
        version = connection.scalar(select(schema_version.c.version))
    if version != VERSION:
        raise PalaestraError(
            f"The database has schema {version}, but this palaestra needs {VERSION}: run the palaestra that made it, "
            f"or start with an empty database. The board and its log do not depend on the database."
        )
