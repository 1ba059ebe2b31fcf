"""Close connections that are silent or slow, and limit how many connections an address has.

The server counts connections, not requests: two hundred that never end their first line would keep everybody out.
"""

from __future__ import annotations

from asyncio import TimerHandle, Transport, get_running_loop
from collections import Counter
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from .address_limit import counted_address


def limit_connections(seconds: float, each: int) -> type[H11Protocol]:
    """The protocol of a server's connections.

    Args:
        seconds: Within which the head of a request must be there, from its first byte or from the connection on.
        each: Connections of one address (`counted_address`) at a time; 0: any number, as behind a proxy.
    """
    held: Counter[str] = Counter()

    class LimitedConnection(H11Protocol):
        """A connection with a limit to what it waits for."""

        _waits: TimerHandle | None = None
        _address = ""

        def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._address = counted_address(str((transport.get_extra_info("peername") or ("unknown",))[0]))
            held[self._address] += 1
            if each and held[self._address] > each:
                transport.abort()
            else:
                self._wait(transport)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.conn.their_state is not h11.IDLE:
                self._end_wait()
            elif self._waits is None and self.conn.trailing_data[0]:
                self._wait(self.transport)

        def connection_lost(self, exc: Exception | None) -> None:
            self._end_wait()
            held[self._address] -= 1
            if held[self._address] <= 0:
                del held[self._address]
            super().connection_lost(exc)

        def _wait(self, transport: Any) -> None:
            self._waits = get_running_loop().call_later(seconds, transport.abort)

        def _end_wait(self) -> None:
            if self._waits is not None:
                self._waits.cancel()
                self._waits = None

    return LimitedConnection
