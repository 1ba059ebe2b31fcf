"""The queue of submissions, in the database. Workers take them under a lease, so that none is lost with its worker."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, and_, case, func, or_, select

from .schema import submissions

QUEUED, VERIFYING, ACCEPTED, REFUSED = "queued", "verifying", "accepted", "refused"
_OPEN = (QUEUED, VERIFYING)


@dataclass(frozen=True)
class Ticket:
    """A submission that one worker has.

    Attributes:
        id: Of the submission.
        owner: Of the lease.
        attempt: Which try this is, from 1.
        manifest: SHA-256 of its manifest.
        reason: How the last try ended, or "".
        track: Of the submission.
        author: Of the submission.
        recovered: Whether another worker had it and has died.
    """

    id: str
    owner: str
    attempt: int
    manifest: str
    reason: str
    track: str
    author: str
    recovered: bool


class Queue:
    """Submissions and their states: queued, verifying, accepted, refused.

    A worker takes the one that has waited longest, or whose lease has run out because its worker is dead. From then on
    it writes only as long as the lease is its own. A submission whose try failed waits anew, behind those that wait
    already; one whose worker died waits from the moment its lease ran out. An entry of the log is one submission's at
    most: the column is unique.

    Args:
        engine: The database.
        lease_seconds: How long a worker may be silent.
        clock: Seconds since 1970.
    """

    def __init__(self, engine: Engine, lease_seconds: float = 30.0, clock: Callable[[], float] = time.time) -> None:
        self._engine, self._lease, self._clock = engine, lease_seconds, clock
        self._reader = engine.execution_options(reads=True)

    def add(self, most: int, **fields: str) -> bool:
        """Put a submission in: id, token, track, name, author, manifest. False if `most` are waiting already."""
        now = self._clock()
        row = {**fields, "state": QUEUED, "reason": "", "attempts": 0, "received": now, "queued": now}
        with self._engine.begin() as connection:
            if self._count(connection) >= most:
                return False
            connection.execute(submissions.insert().values(row))
        return True

    def take(self) -> Ticket | None:
        """Take the one that has waited longest, for as long as the lease lasts; None if nothing waits."""
        now, owner = self._clock(), token_hex(16)
        abandoned = and_(submissions.c.state == VERIFYING, submissions.c.lease_until < now)
        since = case((submissions.c.state == VERIFYING, submissions.c.lease_until), else_=submissions.c.queued)
        oldest = (
            select(submissions)
            .where(or_(submissions.c.state == QUEUED, abandoned))
            .order_by(since, submissions.c.number)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        with self._engine.begin() as connection:
            row = connection.execute(oldest).one_or_none()
            if row is None:
                return None
            taken = {"state": VERIFYING, "owner": owner, "lease_until": now + self._lease}
            counted = {"attempts": row.attempts + 1, "started": now}
            connection.execute(
                submissions.update().where(submissions.c.number == row.number).values({**taken, **counted})
            )
        recovered = row.state == VERIFYING
        return Ticket(
            row.id, owner, row.attempts + 1, row.manifest, row.reason, row.track, row.author, recovered=recovered
        )

    def renew(self, ticket: Ticket) -> bool:
        """Say that the worker lives; False if the lease is no longer its own."""
        return self._write(ticket, lease_until=self._clock() + self._lease)

    def give_back(self, ticket: Ticket, reason: str | None = None) -> bool:
        """Put it back: with a reason, behind the others, where the try failed; else in its place, as if never taken."""
        told = {"attempts": ticket.attempt - 1} if reason is None else {"reason": reason, "queued": self._clock()}
        return self._write(ticket, state=QUEUED, owner=None, lease_until=None, **told)

    def refuse(self, ticket: Ticket, reason: str, *, begun: bool = True) -> bool:
        """End it as refused; not `begun` where no verification was, which is no attempt then."""
        return self._end(ticket, REFUSED, reason, None, ticket.attempt - (not begun))

    def accept(self, ticket: Ticket, entry: int) -> bool:
        """End it as accepted with an entry of the log.

        Raises:
            IntegrityError: The entry is another submission's.
        """
        return self._end(ticket, ACCEPTED, "", entry, ticket.attempt)

    def owner_of(self, entry: int) -> str | None:
        """Id of the submission that has an entry of the log."""
        with self._reader.connect() as connection:
            return connection.scalar(select(submissions.c.id).where(submissions.c.entry == entry))

    def find(self, identity: str) -> Row[Any] | None:
        """A submission's row."""
        with self._reader.connect() as connection:
            return connection.execute(select(submissions).where(submissions.c.id == identity)).one_or_none()

    def page(self, track: str | None, author: str | None, before: int | None, most: int) -> list[Row[Any]]:
        """Submissions from the newest back, those with a number under `before`."""
        wanted: list[ColumnElement[bool]] = []
        if track is not None:
            wanted.append(submissions.c.track == track)
        if author is not None:
            wanted.append(submissions.c.author == author)
        if before is not None:
            wanted.append(submissions.c.number < before)
        query = select(submissions).where(*wanted).order_by(submissions.c.number.desc()).limit(most)
        with self._reader.connect() as connection:
            return list(connection.execute(query))

    def counts(self) -> dict[str, int]:
        """State -> how many."""
        query = select(submissions.c.state, func.count()).group_by(submissions.c.state)
        with self._reader.connect() as connection:
            found = {state: count for state, count in connection.execute(query)}
        return {state: found.get(state, 0) for state in (QUEUED, VERIFYING, ACCEPTED, REFUSED)}

    def oldest(self) -> float | None:
        """When the one that waits longest came in; None if nothing waits."""
        query = select(func.min(submissions.c.received)).where(submissions.c.state == QUEUED)
        with self._reader.connect() as connection:
            found = connection.scalar(query)
        return None if found is None else float(found)

    def seconds(self) -> float:
        """Of verification, from the last start to the end, of all that have ended."""
        query = select(func.sum(submissions.c.finished - submissions.c.started))
        with self._reader.connect() as connection:
            return float(connection.scalar(query) or 0.0)

    def _count(self, connection: Any) -> int:
        query = select(func.count()).where(submissions.c.state.in_(_OPEN))
        return int(connection.scalar(query.select_from(submissions)) or 0)

    def _end(self, ticket: Ticket, state: str, reason: str, entry: int | None, attempts: int) -> bool:
        ended = {"state": state, "reason": reason, "entry": entry, "attempts": attempts, "finished": self._clock()}
        return self._write(ticket, owner=None, lease_until=None, **ended)

    def _write(self, ticket: Ticket, **fields: Any) -> bool:
        own = and_(submissions.c.id == ticket.id, submissions.c.owner == ticket.owner)
        with self._engine.begin() as connection:
            return connection.execute(submissions.update().where(own).values(fields)).rowcount == 1
