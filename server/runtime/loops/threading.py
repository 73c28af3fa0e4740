"""A native thread for each connection, in which everything is done right there."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Any, TypeVar
from wsgiref.types import WSGIApplication

from werkzeug.serving import WSGIRequestHandler, make_server

from server.runtime.http_limits import StrictRequests
from server.runtime.loops import StopAccepting
from server.runtime.off_loop import MakeCall
from server.runtime.threaded_websocket import metered_websocket
from server.runtime.turn import Lane

__all__ = ["metered_websocket"]

POLL_S = 0.1  # until a listener notices that it is to stop
WAITS = ""

Result = TypeVar("Result")


def make_green() -> None:
    """Leave the standard library as it is."""


def native_threading() -> Any:
    return None


def make_lane() -> Lane:
    return Lane(None)


def native_calls() -> MakeCall:
    return call_here


def call_here(call: Callable[..., Result], *arguments: Any) -> Result:
    """Make the call in the thread that asks for it."""
    return call(*arguments)


def serve(app: WSGIApplication, listener: socket.socket) -> StopAccepting:
    handler = type("Handler", (StrictRequests, WSGIRequestHandler), {})
    host, port, *_ = listener.getsockname()
    descriptor = listener.fileno()
    server = make_server(host, port, app, threaded=True, request_handler=handler, fd=descriptor)
    threading.Thread(target=server.serve_forever, args=[POLL_S], daemon=True).start()

    def stop() -> None:
        server.shutdown()
        listener.close()  # the library has another descriptor of it

    return stop
