"""Rate limits of one process, in memory: a token bucket for each key."""

from __future__ import annotations

import time
from collections.abc import Callable
from ipaddress import ip_address, ip_network

_MOST_KEYS = 100_000


class AddressLimit:
    """So many at once, and so many a second in the long run, for each key. One process serves, so no other needs them.

    A bucket is one number: when it will be full again, as in `RateLimit`. Full buckets are forgotten; where more than
    100,000 are not full, those that will be full first are forgotten too.

    Args:
        a_second: In the long run.
        at_once: After a pause.
        clock: Seconds.
    """

    def __init__(self, a_second: float, at_once: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._apart, self._clock = 1.0 / a_second, clock
        self._span = self._apart * at_once
        self._full_at: dict[str, float] = {}
        self._swept = clock()

    def wait(self, key: str) -> float:
        """Take one for a key: 0 where it may go on, else the seconds after which it may try again."""
        now = self._clock()
        full_at = max(now, self._full_at.get(key, now))
        if (early := full_at + self._apart - self._span - now) > 1e-9:
            return early
        self._full_at[key] = full_at + self._apart
        if now - self._swept > self._span or len(self._full_at) > _MOST_KEYS:
            self._sweep(now)
        return 0.0

    def _sweep(self, now: float) -> None:
        self._swept = now
        kept = {key: full_at for key, full_at in self._full_at.items() if full_at > now}
        if len(kept) > _MOST_KEYS:
            kept = dict(sorted(kept.items(), key=lambda one: -one[1])[: _MOST_KEYS // 2])
        self._full_at = kept


def counted_address(host: str) -> str:
    """An IPv4 address, or the /64 that one customer of IPv6 has; what is no address stays as it is."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(address) if address.version == 4 else str(ip_network(f"{address}/64", strict=False))
