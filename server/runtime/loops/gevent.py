"""Green threads of gevent."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http.client import HTTPException
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any, TypeVar
from wsgiref.types import WSGIApplication

import gevent
import gevent.socket
from gevent import monkey
from gevent.lock import RLock
from gevent.pywsgi import WSGIHandler, WSGIServer
from gevent.threadpool import ThreadPool

from server.runtime.http_limits import (
    ACCEPT_RETRY_S,
    MAX_CONNECTIONS,
    MAX_SILENCE_S,
    PunctualRequests,
    SilentConnections,
    has_two_lengths,
)
from server.runtime.loops import StopAccepting
from server.runtime.native_locks import keep_native
from server.runtime.off_loop import MakeCall
from server.runtime.threaded_websocket import metered_websocket
from server.runtime.turn import Lane, Turn

__all__ = ["metered_websocket"]

WAITS = "Hub.run"
NATIVE_THREADS = 20  # as eventlet has

Result = TypeVar("Result")


def _second(name: str) -> ModuleType:
    """Return a second copy of a module, which a change of the first leaves as it is."""
    spec = find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


NATIVE = _second("threading")  # before it is made green


def make_green() -> None:
    """Make all green but the look-up of names, for which a native thread would start a loop."""
    keep_native(partial(monkey.patch_all, dns=False), native_threading)


def native_threading() -> Any:
    return NATIVE


def make_lane() -> Lane:
    return Lane(gevent.sleep)


def native_calls() -> MakeCall:
    pool = ThreadPool(NATIVE_THREADS)

    def call_there(call: Callable[..., Result], *arguments: Any) -> Result:
        result, error = pool.spawn(_outcome, call, *arguments).get()
        try:
            if error is not None:
                raise error
            return result  # type: ignore[no-any-return]
        finally:
            del error  # or it would be a cycle of references, which keeps a picture

    return call_there


def _outcome(call: Callable[..., Result], *arguments: Any) -> tuple[Result | None, Any]:
    """Return the result or the error: gevent would print the error."""
    try:
        return call(*arguments), None
    except BaseException as error:
        return None, error


def serve(app: WSGIApplication, listener: socket.socket) -> StopAccepting:
    host, port, *_ = listener.getsockname()
    server = Server(
        listener,
        app,
        spawn=MAX_CONNECTIONS,
        log=None,
        error_log=None,
        handler_class=type("Handler", (Handler,), {"silent": SilentConnections()}),
        environ={"SERVER_NAME": host, "SERVER_PORT": str(port), "wsgi.errors": sys.stderr},
    )
    server.start()
    return server.close  # type: ignore[no-any-return]


class Server(WSGIServer):  # type: ignore[misc]
    """HTTP server that survives a failure to accept."""

    max_accept = 1  # at once: of several processes on a port, each takes its share

    def do_read(self) -> Any:
        try:
            descriptor, address = self.socket._accept()
        except BlockingIOError:  # another process was faster
            return None
        except OSError:
            self._pause()
            return None
        return Connection(fileno=descriptor), address

    def _pause(self) -> None:
        self.stop_accepting()
        self._timer = self.loop.timer(ACCEPT_RETRY_S)
        self._timer.start(self._start_accepting_if_started)


class Connection(gevent.socket.socket):  # type: ignore[misc]
    """Connection that sends at once and as a whole, and does not receive without a pause.

    A plain one sends in part while the client reads slowly, which simple-websocket does not
    expect. A pong may be due while an answer is being sent. With Nagle's algorithm (RFC 896) an
    answer would wait for the receipt of the one before.
    """

    def __init__(self, fileno: int) -> None:
        super().__init__(fileno=fileno)
        self.settimeout(MAX_SILENCE_S)
        self.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self._turn = Turn(gevent.sleep)
        self._sending = RLock()

    def _wait(self, *arguments: Any) -> None:
        super()._wait(*arguments)
        self._turn.begin()

    def recv(self, *arguments: Any) -> bytes:
        content: bytes = super().recv(*arguments)
        self._turn.end_if_long()
        return content

    def recv_into(self, *arguments: Any) -> int:
        count: int = super().recv_into(*arguments)
        self._turn.end_if_long()
        return count

    def send(self, content: bytes, flags: int = 0) -> int:
        self.sendall(content, flags)
        return len(content)

    def sendall(self, content: bytes, flags: int = 0) -> None:
        """Send; raise TimeoutError if the client takes nothing for too long."""
        left = memoryview(content)
        with self._sending:
            while left:
                left = left[super().send(left, flags) :]


class Handler(PunctualRequests, WSGIHandler):  # type: ignore[misc]
    """HTTP connection."""

    socket: Any

    @staticmethod
    def call_later(seconds: float, call: Callable[..., object], *arguments: Any) -> Any:
        timer = gevent.get_hub().loop.timer(seconds)
        timer.start(call, *arguments)
        return timer.close

    def handle(self) -> None:
        with suppress(OSError):  # the client has gone before the answer to a malformed request
            super().handle()

    def handle_one_request(self) -> Any:
        if not self.await_request(self.socket):
            return None
        try:
            return super().handle_one_request()
        finally:
            self.note_request()

    def MessageClass(self, *arguments: Any) -> Any:  # noqa: N802
        """Read the headers. Raises ValueError, which is answered with 400."""
        try:
            headers = super().MessageClass(*arguments)
        except (HTTPException, OSError) as error:
            raise ValueError(str(error)) from error
        finally:
            self.note_request()
        if has_two_lengths(headers):
            raise ValueError("two lengths of one body (RFC 9112, 6.3)")
        return headers

    def get_environ(self) -> dict[str, Any]:
        """Return the environment; Werkzeug's key gives simple-websocket the connection."""
        environ: dict[str, Any] = super().get_environ()
        environ["wsgi.input"] = self.wsgi_input
        environ["wsgi.input_terminated"] = self.wsgi_input.chunked_input
        environ["werkzeug.socket"] = self.socket
        return environ

    def run_application(self) -> None:
        """Answer a request, unless the client has gone; so ends a WebSocket too."""
        try:
            super().run_application()
        except OSError:
            self.close_connection = True

    def log_request(self) -> None:
        """Log nothing: the application does."""
