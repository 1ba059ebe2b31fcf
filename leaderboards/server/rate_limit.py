"""Rate limits that survive restarts and cover several servers: a token bucket for each key, in the database."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import Engine, case, select
from sqlalchemy.dialects import postgresql, sqlite

from .schema import buckets


class RateLimit:
    """So many at once, and so many a second in the long run, for each key.

    A bucket is one number: when it will be full again (ITU-T I.371: the generic cell rate algorithm is a token
    bucket, counted so). Taking a token is one statement, so that two servers never give the same one away.

    Args:
        engine: The database.
        kind: What the keys are: "token" or "address".
        a_second: In the long run.
        at_once: After a pause.
        clock: Seconds.
    """

    def __init__(
        self, engine: Engine, kind: str, a_second: float, at_once: int, clock: Callable[[], float] = time.time
    ) -> None:
        self._engine, self._kind, self._clock = engine, kind, clock
        self._apart = 1.0 / a_second
        self._span = self._apart * at_once
        # The two say the same in the same words, but share no class that has these words.
        self._insert = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert
        self._swept = clock()

    def wait(self, key: str) -> float:
        """Take one for a key: 0 where it may go on, else the seconds after which it may try again."""
        now, name = self._clock(), f"{self._kind}:{key}"[:300]
        fuller = case((buckets.c.full_at > now, buckets.c.full_at), else_=now) + self._apart
        take = (
            self._insert(buckets)
            .values(key=name, full_at=now + self._apart)
            .on_conflict_do_update(
                index_elements=[buckets.c.key],
                set_={"full_at": fuller},
                where=buckets.c.full_at <= now + self._span - self._apart,
            )
            .returning(buckets.c.full_at)
        )
        with self._engine.begin() as connection:
            taken = connection.scalar(take) is not None
            full_at = connection.scalar(select(buckets.c.full_at).where(buckets.c.key == name)) or now
        if taken:
            self._sweep(now)
            return 0.0
        return max(0.001, full_at - (now + self._span - self._apart))

    def _sweep(self, now: float) -> None:
        """Forget full buckets once in a while: they are as good as none."""
        if now - self._swept > self._span:
            self._swept = now
            with self._engine.begin() as connection:
                connection.execute(buckets.delete().where(buckets.c.full_at < now))
