"""The service's database, SQLite and a real PostgreSQL: nothing is taken twice, nothing is lost with its worker."""

from __future__ import annotations

import sqlite3
import sys
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="the service needs the extra 'server'")
pytest.importorskip("psycopg", reason="the service needs the extra 'server'")
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.server.address_limit import AddressLimit
from palaestra.leaderboards.server.database import open_database
from palaestra.leaderboards.server.queue import Queue
from palaestra.leaderboards.server.rate_limit import RateLimit
from palaestra.leaderboards.server.tokens import Tokens
from palaestra.tests.support.postgres import new_database, running_postgres
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import IntegrityError


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'service.db'}"
    return new_database(request.getfixturevalue("postgres"))


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    yield engine
    engine.dispose()


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def add(queue: Queue, identity: str, author: str = "A") -> None:
    digest = sha256(identity.encode()).hexdigest()
    assert queue.add(100, id=identity, token="t", track="t-v0", name=identity, author=author, manifest=digest)


def test_the_oldest_is_taken_first_and_a_full_house_takes_no_more(engine: Engine) -> None:
    queue = Queue(engine)
    for name in ("a", "b", "c"):
        add(queue, name)
    assert not queue.add(3, id="d", token="t", track="t-v0", name="d", author="A", manifest="0" * 64)
    taken = [queue.take() for _ in range(4)]
    assert [ticket.id for ticket in taken if ticket] == ["a", "b", "c"] and taken[3] is None
    assert queue.counts() == {"queued": 0, "verifying": 3, "accepted": 0, "refused": 0}


def test_many_workers_at_once_take_every_submission_exactly_once(url: str) -> None:
    queue = Queue(open_database(url))
    for number in range(40):
        add(queue, f"s{number}")
    taken: list[str] = []

    def work() -> None:
        own = Queue(open_database(url))
        while ticket := own.take():
            taken.append(ticket.id)

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(taken) == sorted(f"s{number}" for number in range(40))


def test_what_a_dead_worker_had_is_taken_again_and_the_dead_one_writes_no_more(engine: Engine) -> None:
    clock = Clock()
    queue = Queue(engine, 30.0, clock)
    add(queue, "a")
    first = queue.take()
    assert first is not None and queue.take() is None
    clock.now += 29
    assert queue.renew(first)
    clock.now += 29
    assert queue.take() is None
    clock.now += 2
    second = queue.take()
    assert second is not None and (second.id, second.attempt) == ("a", 2)
    assert not queue.renew(first) and not queue.accept(first, 0) and not queue.refuse(first, "no")
    assert queue.accept(second, 0)
    row = queue.find("a")
    assert row is not None and (row.state, row.entry, row.attempts) == ("accepted", 0, 2)


def test_a_worker_that_is_told_to_stop_costs_no_attempt_but_a_failed_try_does(engine: Engine) -> None:
    queue = Queue(engine)
    add(queue, "a")
    for _ in range(3):
        ticket = queue.take()
        assert ticket is not None and ticket.attempt == 1 and queue.give_back(ticket)
    ticket = queue.take()
    assert ticket is not None and queue.give_back(ticket, "it ran out of memory")
    ticket = queue.take()
    assert ticket is not None and (ticket.attempt, ticket.reason) == (2, "it ran out of memory")


def test_a_submission_whose_try_failed_or_whose_worker_died_waits_behind_the_others(engine: Engine) -> None:
    clock = Clock()
    queue = Queue(engine, 30.0, clock)
    for name in ("a", "b", "c"):
        add(queue, name)
        clock.now += 1
    first, second = queue.take(), queue.take()
    assert first is not None and second is not None and queue.give_back(first, "it broke")
    assert (third := queue.take()) is not None and third.id == "c" and queue.give_back(third)
    assert (third := queue.take()) is not None and third.id == "c", "one that was not tried keeps its place"
    clock.now += 31
    again = [queue.take() for _ in range(3)]
    assert [(one.id, one.recovered) for one in again if one] == [("a", False), ("b", True), ("c", True)]


def test_a_refusal_before_a_verification_counts_no_attempt(engine: Engine) -> None:
    queue = Queue(engine)
    add(queue, "a")
    ticket = queue.take()
    assert ticket is not None and queue.refuse(ticket, "It is on the board already.", begun=False)
    row = queue.find("a")
    assert row is not None and (row.state, row.attempts) == ("refused", 0)


def test_the_queue_tells_how_long_it_is_and_how_long_verifications_took(engine: Engine) -> None:
    clock = Clock()
    queue = Queue(engine, 30.0, clock)
    assert queue.oldest() is None and queue.seconds() == 0
    add(queue, "a")
    clock.now += 5
    add(queue, "b")
    assert queue.oldest() == 1000
    ticket = queue.take()
    clock.now += 7
    assert ticket is not None and queue.refuse(ticket, "no")
    assert queue.oldest() == 1005 and queue.seconds() == 7


def test_an_entry_of_the_log_is_one_submissions_alone(engine: Engine) -> None:
    queue = Queue(engine)
    add(queue, "a")
    add(queue, "b")
    first, second = queue.take(), queue.take()
    assert first is not None and second is not None and queue.accept(first, 7)
    with pytest.raises(IntegrityError):
        queue.accept(second, 7)
    assert queue.owner_of(7) == "a" and queue.owner_of(8) is None and queue.refuse(second, "it is there")


def test_pages_go_from_the_newest_back_and_can_be_filtered(engine: Engine) -> None:
    queue = Queue(engine)
    for number in range(7):
        add(queue, f"s{number}", "B" if number % 2 else "A")
    first = queue.page(None, None, None, 3)
    rest = queue.page(None, None, first[-1].number, 9)
    assert [row.id for row in (*first, *rest)] == [f"s{number}" for number in reversed(range(7))]
    assert [row.id for row in queue.page("t-v0", "B", None, 9)] == ["s5", "s3", "s1"]
    assert queue.page("u-v0", None, None, 9) == []


@pytest.mark.parametrize("kept", ["in the database", "in memory"])
def test_a_bucket_gives_so_many_at_once_and_so_many_in_the_long_run(kept: str, engine: Engine) -> None:
    """Against a count of tokens, step by step."""
    clock = Clock()
    limit: RateLimit | AddressLimit = AddressLimit(a_second=0.5, at_once=3, clock=clock)
    if kept == "in the database":
        limit = RateLimit(engine, "token", a_second=0.5, at_once=3, clock=clock)
    tokens, last = 3.0, clock.now
    for step in (0, 0, 0, 0, 1, 1, 0.5, 4, 0, 0, 0, 100, 0, 0, 0, 0, 1.9, 0.1):
        clock.now += step
        tokens, last = min(3.0, tokens + 0.5 * (clock.now - last)), clock.now
        wait = limit.wait("x")
        if tokens >= 1 - 1e-9:
            tokens -= 1
            assert wait == 0
        else:
            assert wait == pytest.approx((1 - tokens) / 0.5)
    assert limit.wait("y") == 0, "another key has a bucket of its own"


def test_addresses_that_are_many_or_at_rest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("palaestra.leaderboards.server.address_limit._MOST_KEYS", 10)
    clock = Clock()
    limit = AddressLimit(a_second=1.0, at_once=2, clock=clock)
    for number in range(100):
        assert limit.wait(f"10.0.0.{number}") == 0
    assert len(limit._full_at) <= 10
    clock.now += 100
    assert limit.wait("10.0.0.1") == 0 and limit._full_at.keys() == {"10.0.0.1"}


def test_a_bucket_is_shared_by_all_servers_and_survives_a_restart(url: str) -> None:
    clock = Clock()
    waits = [RateLimit(open_database(url), "token", 0.001, 5, clock).wait("x") for _ in range(7)]
    assert [wait == 0 for wait in waits] == [True] * 5 + [False] * 2


def test_tokens_open_until_they_are_revoked_and_only_their_hash_is_kept(url: str) -> None:
    tokens = Tokens(open_database(url))
    text = tokens.new("laptop", "Alice")
    found = tokens.find(text)
    assert found is not None and (found.name, found.author) == ("laptop", "Alice")
    assert tokens.find(text[:-1]) is None and tokens.find("") is None and tokens.find("ä\udcff") is None
    with pytest.raises(PalaestraError, match="already a token 'laptop'"):
        tokens.new("laptop", "Mallory")
    with pytest.raises(PalaestraError, match="one line"):
        tokens.new("two\nlines", "Mallory")
    with create_engine(url).connect() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM tokens").all())
    assert text not in kept and sha256(text.encode()).hexdigest() in kept
    tokens.revoke("laptop")
    assert tokens.find(text) is None and tokens.listed()[0].revoked is not None
    with pytest.raises(PalaestraError, match="no token 'laptop' to revoke"):
        tokens.revoke("laptop")


def test_a_database_of_another_version_or_of_something_else_is_refused(url: str) -> None:
    open_database(url).dispose()
    open_database(url).dispose()
    raw = create_engine(url)
    with raw.begin() as connection:
        connection.exec_driver_sql("UPDATE schema_version SET version = 99")
    with pytest.raises(PalaestraError, match="has schema 99"):
        open_database(url)
    with raw.begin() as connection:
        connection.exec_driver_sql("DROP TABLE schema_version")
    with pytest.raises(PalaestraError, match="tables of another program"):
        open_database(url)


def test_a_database_that_cannot_be_used_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PalaestraError, match="mysql:// is not allowed"):
        open_database("mysql://localhost/x")
    with pytest.raises(PalaestraError, match="cannot be read"):
        open_database("no url")
    for nowhere in ("sqlite://", "sqlite:///:memory:"):
        with pytest.raises(PalaestraError, match="in memory is not allowed"):
            open_database(nowhere)
    with pytest.raises(PalaestraError, match="cannot be written"):
        open_database(f"sqlite:///{tmp_path}/not/there.db")
    with pytest.raises(PalaestraError, match="cannot be used") as caught:
        open_database("postgresql://someone:secret@127.0.0.1:1/x")
    assert "secret" not in str(caught.value)
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "psycopg", None)
        with pytest.raises(PalaestraError, match=r"needs psycopg.*\[server\]"):
            open_database("postgresql://someone:secret@127.0.0.1:1/x")
    (tmp_path / "no.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(PalaestraError, match="cannot be used"):
        open_database(f"sqlite:///{tmp_path / 'no.db'}")


def test_the_file_of_the_database_is_its_owners_alone_and_keeps_a_log_ahead(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path / 'service.db'}")
    assert (tmp_path / "service.db").stat().st_mode & 0o77 == 0
    assert sqlite3.connect(tmp_path / "service.db").execute("PRAGMA journal_mode").fetchone() == ("wal",)
