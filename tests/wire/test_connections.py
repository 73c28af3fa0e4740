"""Connections as raw bytes: silent ones, and requests that a proxy may understand otherwise."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import ExitStack

import httpx
import pytest

from server.runtime import http_limits as limits
from tests.conftest import ServerProcess, wait_until

pytestmark = pytest.mark.every_mode

ALLOWED_S = limits.MAX_REQUEST_S + 15
TWICE = b"POST /api/predictions HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n0123"


def connect(server: ServerProcess) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=ALLOWED_S)


def read_to_the_end(raw: socket.socket) -> None:
    """Read until the server closes the connection; raises TimeoutError if it does not."""
    while raw.recv(1_000):
        pass


@pytest.mark.parametrize("lengths", [(4, 4), (4, 40)])
def test_two_lengths_are_refused(server: ServerProcess, lengths: tuple[int, int]) -> None:
    headers = b"".join(b"Content-Length: %d\r\n" % length for length in lengths)
    with connect(server) as raw:
        raw.sendall(TWICE % headers)
        assert raw.recv(100).startswith(b"HTTP/1.1 400 ")


def test_answers_of_socketio_are_not_sniffed(server: ServerProcess) -> None:
    answer = httpx.get(f"{server.url}/socket.io/?EIO=4&transport=polling")
    assert answer.headers.get_list("X-Content-Type-Options") == ["nosniff"]
    page = httpx.get(f"{server.url}/history")
    assert page.headers.get_list("X-Content-Type-Options") == ["nosniff"]


@pytest.mark.alone
@pytest.mark.parametrize("loop", ["eventlet", "gevent"])
def test_silent_connections_let_others_in(serve: Callable[..., ServerProcess], loop: str) -> None:
    server = serve(async_mode=loop)
    with ExitStack() as stack:
        silent = [stack.enter_context(connect(server)) for _ in range(limits.MAX_SILENT)]
        silent[0].sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")  # and not the end
        with connect(server) as another:
            assert another.recv(1) == b""  # of this address there are enough
        read_to_the_end(silent[0])
        read_to_the_end(silent[-1])
        wait_until(server.answers)
    server.stop()
