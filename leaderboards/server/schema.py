"""The service's tables. Times are seconds since 1970, UTC."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, Index, Integer, MetaData, String, Table, Text

VERSION = 2
"""Rises with every change of what follows; a database of another version is refused."""

metadata = MetaData()

_NUMBER = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER counts up by itself in SQLite

schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True, autoincrement=False))

tokens = Table(
    "tokens",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("author", String(200), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("made", Double, nullable=False),
    Column("revoked", Double),
)

submissions = Table(
    "submissions",
    metadata,
    Column("number", _NUMBER, primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("token", String(200), nullable=False),
    Column("track", String(200), nullable=False),
    Column("name", String(200), nullable=False),
    Column("author", String(200), nullable=False),
    Column("manifest", String(64), nullable=False),
    Column("state", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("owner", String(32)),
    Column("lease_until", Double),
    Column("entry", Integer, unique=True),
    Column("received", Double, nullable=False),
    Column("queued", Double, nullable=False),
    Column("started", Double),
    Column("finished", Double),
    Index("submissions_by_state", "state", "queued"),
    Index("submissions_by_track", "track", "number"),
    Index("submissions_by_author", "author", "number"),
)

buckets = Table(
    "buckets",
    metadata,
    Column("key", String(300), primary_key=True),
    Column("full_at", Double, nullable=False),
)
