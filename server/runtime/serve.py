"""The HTTP server of each async mode."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from email.message import Message
from functools import partial
from typing import IO, Any, TypeVar
from wsgiref.types import WSGIApplication

from werkzeug.serving import WSGIRequestHandler, make_server

from server.rate_limits import network
from server.runtime.eventlet_websocket import Turn
from server.runtime.listeners import BACKLOG
from server.runtime.quiet_eventlet import import_eventlet

Result = TypeVar("Result")
StopAccepting = Callable[[], object]

MAX_CONNECTIONS = 4_000  # at once, of all addresses
MAX_SILENCE_S = 120  # a connection without a byte is closed; a WebSocket is pinged more often
MAX_REQUEST_S = 20  # until the headers of the next request have come
MAX_SILENT = 1_000  # connections of one address that wait for a request
TWO_LENGTHS = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
ACCEPT_RETRY_S = 0.1
POLL_S = 0.1  # until a listener under threads notices that it is to stop


def serve(app: WSGIApplication, listener: socket.socket, async_mode: str) -> StopAccepting:
    """Begin to serve an application on a socket; return what stops the accepting of connections."""
    listener.listen(BACKLOG)
    start = _serve_green if async_mode == "eventlet" else _serve_threaded
    return start(app, listener)


def _serve_threaded(app: WSGIApplication, listener: socket.socket) -> StopAccepting:
    handler = type("Handler", (StrictRequests, WSGIRequestHandler), {})
    host, port, *_ = listener.getsockname()
    descriptor = listener.fileno()
    server = make_server(host, port, app, threaded=True, request_handler=handler, fd=descriptor)
    threading.Thread(target=server.serve_forever, args=[POLL_S], daemon=True).start()

    def stop() -> None:
        server.shutdown()
        listener.close()  # the library has another descriptor of it

    return stop


def _serve_green(app: WSGIApplication, listener: socket.socket) -> StopAccepting:
    eventlet = import_eventlet()
    listener.accept = partial(accept, listener.accept)  # type: ignore[method-assign]
    eventlet.spawn(
        eventlet.wsgi.server,
        listener,
        app,
        max_size=MAX_CONNECTIONS,
        socket_timeout=MAX_SILENCE_S,
        protocol=_protocol_class(eventlet),
        log_output=False,
        debug=False,
    )
    return listener.close


def accept(accept_one: Callable[[], Result]) -> Result:
    """Accept a connection and retry if that fails, because eventlet would stop serving.

    It fails if too many files are open, if the client has left again, and, until the process ends,
    once the listener is closed: the open connections are to be kept.
    """
    while True:
        try:
            return accept_one()
        except OSError:
            time.sleep(ACCEPT_RETRY_S)


class StrictRequests:
    """Part of an HTTP connection that refuses what proxies may understand in another way."""

    headers: Message
    wfile: IO[bytes]
    close_connection: bool

    def parse_request(self) -> bool:
        """Read the headers of a request; two lengths of one body are refused (RFC 9112, 6.3)."""
        if not super().parse_request():  # type: ignore[misc]
            return False
        if len(self.headers.get_all("Content-Length", [])) > 1:
            self.wfile.write(TWO_LENGTHS)
            self.close_connection = True
            return False
        return True


class SilentConnections:
    """Connections of each address that have not sent a request: at most so many."""

    def __init__(self, max_count: int) -> None:
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


def _protocol_class(eventlet: Any) -> type:
    silent = SilentConnections(MAX_SILENT)

    class Protocol(StrictRequests, eventlet.wsgi.HttpProtocol):  # type: ignore[misc]
        """HTTP connection that sends answers at once and marks the end of a chunked body.

        With Nagle's algorithm (RFC 896) an answer would wait for the receipt of the one before,
        40 ms on Linux. Werkzeug reads a body of unknown length only if it is told of an end. A
        connection whose request does not come is closed, or thousands would let no other in.
        """

        def setup(self) -> None:
            super().setup()
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
            turn = Turn(eventlet.sleep)
            self.request.recv_into = partial(_receive_in_turn, turn, self.request.recv_into)

        def finish(self) -> None:
            del self.request.recv_into  # or it would be a cycle of references
            super().finish()

        def handle_one_request(self) -> None:
            self.address = network(self.client_address[0])
            if not silent.enter(self.address):
                self.close_connection = True
                return
            self.alarm = eventlet.spawn_after(MAX_REQUEST_S, _end_reading, self.request)
            try:
                super().handle_one_request()
            finally:
                self.note_request()

        def parse_request(self) -> bool:
            try:
                return super().parse_request()
            finally:
                self.note_request()

        def note_request(self) -> None:
            """Note that the request has come, or will not come."""
            if self.alarm is not None:  # a green thread that has ended is false
                self.alarm.cancel()
                self.alarm = None
                silent.leave(self.address)

        def get_environ(self) -> dict[str, Any]:
            environ: dict[str, Any] = super().get_environ()
            if environ["wsgi.input"].chunked_input:
                environ["wsgi.input_terminated"] = True
            return environ

    return Protocol


def _receive_in_turn(turn: Turn, receive: Callable[..., int], *arguments: Any) -> int:
    turn.end_if_long()
    return receive(*arguments)


def _end_reading(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RD)
