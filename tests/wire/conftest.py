"""Fixtures of real Socket.IO clients and a real server, in every async mode."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import engineio
import pytest
import socketio
from socketio.exceptions import BadNamespaceError
from websocket import WebSocket, WebSocketException

from tests.conftest import ServerProcess, free_port, wait_until
from tests.databases import PostgresServer
from tests.wire.accounts import Browser, Open
from tests.wire.proxies import resolved_here

ANSWER_TIMEOUT_S = 10
AT_ONCE_S = 3.0  # sooner than the sweep that finds what other processes ended


class InOrder(engineio.Client):  # type: ignore[misc]
    """Handles packets as they come; the library has a thread for each, and one may overtake.

    And ends at once. In the library, the threads that send and receive may miss the end, for a
    minute.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._handling = ThreadPoolExecutor(1)

    def _trigger_event(self, event: str, *details: Any, **options: Any) -> Any:
        if options.get("run_async"):
            return self._handling.submit(self.handlers[event], *details)
        return super()._trigger_event(event, *details, **options)

    def disconnect(self, abort: bool = False, reason: str | None = None) -> None:
        is_open = self.state == "connected"
        if self.ws:
            self.ws.close = partial(shut, self.ws)
        super().disconnect(abort=True, reason=reason)
        if is_open:
            self.queue.put(None)
            if not abort:
                self.read_loop_task.join()


def shut(websocket: WebSocket) -> None:
    """Say that no more comes, and let the thread that receives end before the socket is closed."""
    connection = websocket.sock
    if connection:
        with suppress(OSError, WebSocketException):
            websocket.send_close()
            connection.shutdown(socket.SHUT_RDWR)


class SocketClient(socketio.Client):  # type: ignore[misc]
    def _engineio_client_class(self) -> type[engineio.Client]:
        return InOrder


class Client:
    """A connected client that records every event it receives.

    `marks` are the places of the history's events, as `watch_history` takes them.
    """

    def __init__(
        self, url: str, websocket_options: dict[str, Any] | None = None, **options: Any
    ) -> None:
        """Connect; the options are passed to `socketio.Client.connect`: `headers`, `auth`."""
        self.events: list[tuple[str, Any]] = []
        self.marks: list[dict[str, Any]] = []
        self.socket = SocketClient(reconnection=False, websocket_extra_options=websocket_options)
        self.socket.on("*", self._note)
        self.socket.connect(url, transports=["websocket"], wait_timeout=ANSWER_TIMEOUT_S, **options)
        self._websocket = self.socket.eio.ws

    def _note(self, event: str, *payload: Any) -> None:
        if event.startswith("history_"):
            mark = {"since": payload[0].pop("position"), "epoch": payload[0].pop("epoch")}
            self.marks.append(mark)
        self.events.append((event, *payload))

    def ask(self, event: str, *payload: Any) -> Any:
        """Send an event and return its acknowledgement."""
        return self.socket.call(
            event, payload if len(payload) != 1 else payload[0], timeout=ANSWER_TIMEOUT_S
        )

    def ask_if_connected(self, event: str, payload: Any) -> Any:
        """Send an event and return its acknowledgement, None if the connection ends before."""
        answers: list[Any] = []
        with suppress(BadNamespaceError):  # it has ended
            self.socket.emit(event, payload, callback=answers.append)
            wait_until(lambda: answers or not self.connected, ANSWER_TIMEOUT_S)
        return answers[0] if answers else None

    def tell(self, event: str, payload: Any) -> None:
        """Send an event that has no acknowledgement."""
        self.socket.emit(event, payload)

    def wait_for(self, event: str, seconds: float = ANSWER_TIMEOUT_S) -> Any:
        """Wait for an event of this name; remove the oldest and return its payload."""
        wait_until(lambda: any(name == event for name, *_ in self.events), seconds)
        index = next(i for i, (name, *_) in enumerate(self.events) if name == event)
        return self.events.pop(index)[1]

    def close(self) -> None:
        """Disconnect without waiting for the server's close frame (3 s in threading mode)."""
        self.socket.disconnect()
        self._websocket.shutdown()  # the library leaves it open if the server has closed it

    def cut(self) -> None:
        """Break the connection as a network does, without a word to the server."""
        connection = self._websocket.sock
        if connection is None:  # it has ended
            return
        connection.shutdown(socket.SHUT_RDWR)
        self.socket.wait()
        connection.close()

    @property
    def connected(self) -> bool:
        """Whether the connection is open; the library may miss that it was closed."""
        return bool(self.socket.connected and self._websocket.connected)


def connect_elsewhere(server: ServerProcess) -> Client:
    """Connect from another address, which pays for nothing that is done from the first."""
    connection = socket.create_connection(
        ("127.0.0.1", server.port), source_address=("127.0.0.2", 0)
    )
    return Client(server.url, {"socket": connection})


@pytest.fixture(scope="module")
def example_name() -> Iterator[None]:
    """Resolve the host name of the proxies' examples to this machine."""
    with resolved_here():
        yield


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server that may be stopped, and whose commits are on the disk."""
    with TemporaryDirectory(prefix="digits-postgres-") as folder:
        server = PostgresServer(Path(folder), free_port())
        server.start()
        yield server
        server.stop()


@pytest.fixture(scope="module")
def server(
    request: pytest.FixtureRequest,
    async_mode: str,
    serve: Callable[..., ServerProcess],
    share: Callable[..., ServerProcess],
) -> Iterator[ServerProcess]:
    """A server, in an async mode, empty for each module; its tests use their own ids.

    Those that measure get one that nothing else has used.
    """
    if not request.node.get_closest_marker("alone"):
        yield share(async_mode=async_mode)
        return
    started = serve(async_mode=async_mode)
    yield started
    started.stop()


@pytest.fixture
def connect(server: ServerProcess) -> Iterator[Callable[..., Client]]:
    """Return a function that connects a client, by default to `server`; close all at the end."""
    clients: list[Client] = []

    def connect_client(to: ServerProcess = server, **options: Any) -> Client:
        clients.append(Client(to.url, **options))
        return clients[-1]

    yield connect_client
    for client in clients:
        client.close()


@pytest.fixture
def client(connect: Callable[..., Client]) -> Client:
    return connect()


@pytest.fixture
def open_browser(server: ServerProcess) -> Iterator[Open]:
    """Return a function that opens a browser; close all at the end."""
    opened: list[Browser] = []

    def open_browser() -> Browser:
        opened.append(Browser(server))
        return opened[-1]

    yield open_browser
    for browser in opened:
        browser.http.close()


@pytest.fixture
def ann(open_browser: Open) -> Browser:
    """Return the browser of a new account."""
    return open_browser().sign_up()


@pytest.fixture
def guest(open_browser: Open) -> Browser:
    """Return a browser without an account."""
    return open_browser()
