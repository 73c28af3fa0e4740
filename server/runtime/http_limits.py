"""Limits and refusals that the HTTP servers of the async modes share."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from email.message import Message
from typing import IO

from server.limits.rate_limits import network

MAX_CONNECTIONS = 4_000  # at once, of all addresses
MAX_SILENCE_S = 120  # a connection without a byte is closed; a WebSocket is pinged more often
MAX_REQUEST_S = 20  # until the headers of the next request have come
MAX_SILENT = 1_000  # connections of one address that wait for a request
ACCEPT_RETRY_S = 0.1  # after a failure: too many files are open, or the client has left again
TWO_LENGTHS = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class StrictRequests:
    """Part of an HTTP connection that refuses what proxies may understand in another way."""

    headers: Message
    wfile: IO[bytes]
    close_connection: bool

    def parse_request(self) -> bool:
        """Read the headers of a request; two lengths of one body are refused (RFC 9112, 6.3)."""
        if not super().parse_request():  # type: ignore[misc]
            return False
        if has_two_lengths(self.headers):
            self.wfile.write(TWO_LENGTHS)
            self.close_connection = True
            return False
        return True


def has_two_lengths(headers: Message) -> bool:
    return len(headers.get_all("Content-Length", [])) > 1


class SilentConnections:
    """Connections of each address that have not sent a request: at most so many."""

    def __init__(self, max_count: int = MAX_SILENT) -> None:
        self._max_count = max_count
        self._counts: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        if self._counts[address] >= self._max_count:
            return False
        self._counts[address] += 1
        return True

    def leave(self, address: str) -> None:
        self._counts[address] -= 1
        if not self._counts[address]:
            del self._counts[address]


class PunctualRequests:
    """Part of an HTTP connection that ends if its next request does not come.

    Else thousands of silent connections would let no other in.
    """

    silent: SilentConnections
    call_later: Callable[..., Callable[[], object]]  # seconds, a function, arguments: its canceling
    client_address: tuple[str, int]
    _cancel: Callable[[], object] | None = None

    def await_request(self, connection: socket.socket) -> bool:
        """Give the request its time; return False if too many of its address are waited for."""
        self._address = network(self.client_address[0])
        if not self.silent.enter(self._address):
            return False
        self._cancel = self.call_later(MAX_REQUEST_S, _end_reading, connection)
        return True

    def note_request(self) -> None:
        """Note that the request has come, or will not come."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None
            self.silent.leave(self._address)


def _end_reading(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RD)
