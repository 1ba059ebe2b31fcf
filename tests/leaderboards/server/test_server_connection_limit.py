"""Connections that never end what they began (slow loris) keep nobody out."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from threading import Thread
from time import sleep
from typing import Any

import pytest
from palaestra.leaderboards.server.address_limit import counted_address

uvicorn: Any = pytest.importorskip("uvicorn", reason="the service needs the extra 'server'")

HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n"


async def hello(scope: Any, receive: Any, send: Any) -> None:
    """An application that has read whatever there is before it answers."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"hi"})


@pytest.fixture
def port() -> Iterator[int]:
    """Of a server that waits half a second, and three connections for an address."""
    from palaestra.leaderboards.server.connection_limit import limit_connections

    server = uvicorn.Server(
        uvicorn.Config(hello, port=0, http=limit_connections(0.5, 3), lifespan="off", log_level="error", ws="none")
    )
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def said(connection: socket.socket) -> bytes:
    """Until it is closed; nothing if it is torn down."""
    try:
        return connection.recv(4096)
    except ConnectionError:
        return b""


@pytest.mark.parametrize("begun", [b"", b"GET / HT", HEAD], ids=["nothing", "half a line", "no end of the head"])
def test_a_request_that_does_not_come_to_its_point_is_cut_off(port: int, begun: bytes) -> None:
    with connected(port) as slow:
        slow.sendall(begun)
        assert said(slow) == b""


def test_a_second_request_of_a_connection_has_no_more_time_than_the_first(port: int) -> None:
    with connected(port) as slow:
        slow.sendall(HEAD + b"\r\n")
        answer = b""
        while not answer.endswith(b"\r\n\r\nhi"):
            answer += said(slow)
        slow.sendall(HEAD)
        assert said(slow) == b""


def test_a_body_may_take_longer_than_its_head(port: int) -> None:
    with connected(port) as honest:
        honest.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n")
        for letter in b"body":
            sleep(0.25)
            honest.sendall(bytes([letter]))
        assert said(honest).startswith(b"HTTP/1.1 200")


def test_the_addresses_of_one_customer_are_counted_as_one() -> None:
    one, same, other = (counted_address(f"2001:db8:{end}") for end in ("1:2::3", "1:2:ffff::4", "9::"))
    assert one == same != other
    assert counted_address("192.0.2.1") != counted_address("192.0.2.2") and counted_address("unknown") == "unknown"


def test_one_address_holds_so_many_connections_and_can_come_back(port: int) -> None:
    with ExitStack() as kept:
        for _ in range(3):
            kept.enter_context(connected(port)).sendall(b"P")
        with connected(port) as fourth:
            assert said(fourth) == b""
    sleep(0.2)
    with connected(port) as again:
        again.sendall(HEAD + b"\r\n")
        assert said(again).startswith(b"HTTP/1.1 200")
