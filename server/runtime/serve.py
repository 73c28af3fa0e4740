"""The HTTP server of each async mode."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from wsgiref.types import WSGIApplication

from werkzeug.serving import make_server

from server.runtime.quiet_eventlet import import_eventlet

Result = TypeVar("Result")
StopAccepting = Callable[[], object]

MAX_CONNECTIONS = 4_000  # at once, of all addresses
MAX_SILENCE_S = 120  # a connection without a byte is closed; a WebSocket is pinged more often
ACCEPT_RETRY_S = 0.1
POLL_S = 0.1  # until a listener under threads notices that it is to stop


def serve(app: WSGIApplication, host: str, port: int, async_mode: str) -> StopAccepting:
    """Begin to serve an application; return what stops the accepting of connections."""
    start = _serve_green if async_mode == "eventlet" else _serve_threaded
    return start(app, host, port)


def _serve_threaded(app: WSGIApplication, host: str, port: int) -> StopAccepting:
    listener = make_server(host, port, app, threaded=True)
    threading.Thread(target=listener.serve_forever, args=[POLL_S], daemon=True).start()
    return listener.shutdown


def _serve_green(app: WSGIApplication, host: str, port: int) -> StopAccepting:
    eventlet = import_eventlet()
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = eventlet.listen(address, family)
    listener.accept = partial(accept, listener.accept)
    eventlet.spawn(
        eventlet.wsgi.server,
        listener,
        app,
        max_size=MAX_CONNECTIONS,
        socket_timeout=MAX_SILENCE_S,
        protocol=_protocol_class(eventlet.wsgi),
        log_output=False,
        debug=False,
    )
    return listener.close  # type: ignore[no-any-return]


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


def _protocol_class(wsgi: Any) -> type:
    class Protocol(wsgi.HttpProtocol):  # type: ignore[misc]
        """HTTP connection that sends answers at once and marks the end of a chunked body.

        With Nagle's algorithm (RFC 896) an answer would wait for the receipt of the one before,
        40 ms on Linux. Werkzeug reads a body of unknown length only if it is told of an end.
        """

        def setup(self) -> None:
            super().setup()
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)

        def get_environ(self) -> dict[str, Any]:
            environ: dict[str, Any] = super().get_environ()
            if environ["wsgi.input"].chunked_input:
                environ["wsgi.input_terminated"] = True
            return environ

    return Protocol
