"""The HTTP server of each async mode."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from wsgiref.types import WSGIApplication

from werkzeug.serving import run_simple

from server.runtime.quiet_eventlet import import_eventlet

Result = TypeVar("Result")

MAX_CONNECTIONS = 4_000  # at once, of all addresses
MAX_SILENCE_S = 120  # a connection without a byte is closed; a WebSocket is pinged more often
ACCEPT_RETRY_S = 0.1


def serve(app: WSGIApplication, host: str, port: int, async_mode: str) -> None:
    """Serve an application for as long as the process lasts."""
    if async_mode == "eventlet":
        _serve_green(app, host, port)
    else:
        run_simple(host, port, app, threaded=True)


def _serve_green(app: WSGIApplication, host: str, port: int) -> None:
    eventlet = import_eventlet()
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = eventlet.listen(address, family)
    listener.accept = partial(accept, listener.accept)
    eventlet.wsgi.server(
        listener,
        app,
        max_size=MAX_CONNECTIONS,
        socket_timeout=MAX_SILENCE_S,
        protocol=_protocol_class(eventlet.wsgi),
        log_output=False,
        debug=False,
    )


def accept(accept_one: Callable[[], Result]) -> Result:
    """Accept a connection and retry if that fails, because eventlet would stop serving.

    It fails if too many files are open, or if the client has left again.
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
