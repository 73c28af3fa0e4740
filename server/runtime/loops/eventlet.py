"""Green threads of eventlet."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from wsgiref.types import WSGIApplication

from server.runtime.eventlet_websocket import metered_websocket
from server.runtime.http_limits import (
    ACCEPT_RETRY_S,
    MAX_CONNECTIONS,
    MAX_SILENCE_S,
    PunctualRequests,
    SilentConnections,
    StrictRequests,
)
from server.runtime.loops import StopAccepting
from server.runtime.native_locks import keep_native
from server.runtime.off_loop import MakeCall
from server.runtime.quiet_eventlet import import_eventlet
from server.runtime.turn import Lane, Turn

__all__ = ["metered_websocket"]

WAITS = "Hub.do_poll"

Result = TypeVar("Result")
eventlet = import_eventlet()
HttpProtocol: Any = eventlet.wsgi.HttpProtocol


def make_green() -> None:
    keep_native(eventlet.monkey_patch, native_threading)


def native_threading() -> Any:
    return eventlet.patcher.original("threading")


def make_lane() -> Lane:
    return Lane(eventlet.sleep)


def native_calls() -> MakeCall:
    """Return a way to make a call in a native thread, for the thread of the loop.

    It raises RuntimeError where the call would wait for a green lock. While a module is being
    imported, eventlet makes the call right here.
    """
    get_ident = native_threading().get_ident
    loop = get_ident()

    def call_there(call: Callable[..., Result], *arguments: Any) -> Result:
        if get_ident() != loop:
            eventlet.hubs.use_hub(NoHub)
        return call(*arguments)

    return partial(eventlet.tpool.execute, call_there)


class NoHub:
    """Stand-in for the event loop in a native thread, where nobody would run one."""

    greenlet = None

    @staticmethod
    def is_available() -> bool:
        return True

    def mark_as_reopened(self, file: int) -> None:
        """Forget who waits for a file of this number: nobody does."""

    def switch(self, *_arguments: Any, **_options: Any) -> None:
        raise RuntimeError("A native thread waits for a green lock: see runtime/native_locks.py.")

    add = schedule_call_global = switch


def serve(app: WSGIApplication, listener: socket.socket) -> StopAccepting:
    listener.accept = partial(accept, listener.accept)  # type: ignore[method-assign]
    eventlet.spawn(
        eventlet.wsgi.server,
        listener,
        app,
        max_size=MAX_CONNECTIONS,
        socket_timeout=MAX_SILENCE_S,
        protocol=type("Protocol", (Protocol,), {"silent": SilentConnections()}),
        log_output=False,
        debug=False,
    )
    return listener.close


def accept(accept_one: Callable[[], Result]) -> Result:
    """Accept a connection and retry if that fails, because eventlet would stop serving.

    It also fails, until the process ends, once the listener is closed: the open connections are to
    be kept.
    """
    while True:
        try:
            return accept_one()
        except OSError:
            time.sleep(ACCEPT_RETRY_S)


class Protocol(StrictRequests, PunctualRequests, HttpProtocol):  # type: ignore[misc]
    """HTTP connection that sends answers at once and marks the end of a chunked body.

    With Nagle's algorithm (RFC 896) an answer would wait for the receipt of the one before,
    40 ms on Linux. Werkzeug reads a body of unknown length only if it is told of an end.
    """

    @staticmethod
    def call_later(seconds: float, call: Callable[..., object], *arguments: Any) -> Any:
        """The call must not wait. A canceled green thread would be a cycle of references."""
        return eventlet.hubs.get_hub().schedule_call_global(seconds, call, *arguments).cancel

    def setup(self) -> None:
        super().setup()
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        turn = Turn(eventlet.sleep)
        self.request.recv_into = partial(_receive_in_turn, turn, self.request.recv_into)

    def finish(self) -> None:
        """Close the connection, and let go of what refers to it: cycles of references, else."""
        del self.request.recv_into
        self.environ = None
        super().finish()

    def handle_one_request(self) -> None:
        if not self.await_request(self.request):
            self.close_connection = True
            return
        try:
            super().handle_one_request()
        finally:
            self.note_request()

    def parse_request(self) -> bool:
        try:
            return super().parse_request()
        finally:
            self.note_request()

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        if environ["wsgi.input"].chunked_input:
            environ["wsgi.input_terminated"] = True
        return environ


def _receive_in_turn(turn: Turn, receive: Callable[..., int], *arguments: Any) -> int:
    turn.end_if_long()
    return receive(*arguments)
