"""Real Socket.IO clients of a real server, in both of its async modes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import socketio

from tests.conftest import ServerProcess, wait_until
from tests.wire.accounts import Browser, Open

ANSWER_S = 10
AT_ONCE_S = 3.0  # sooner than the sweep that finds what other processes ended


class Client:
    """A connected client that keeps every event it gets."""

    def __init__(
        self, url: str, websocket_options: dict[str, Any] | None = None, **options: Any
    ) -> None:
        """Connect; the options are those of socketio's connect: `headers`, `auth`."""
        self.events: list[tuple[str, Any]] = []
        self.socket = socketio.Client(reconnection=False, websocket_extra_options=websocket_options)
        self.socket.on("*", lambda event, *payload: self.events.append((event, *payload)))
        self.socket.connect(url, transports=["websocket"], **options)

    def ask(self, event: str, *payload: Any) -> Any:
        """Send an event and return its acknowledgement."""
        return self.socket.call(
            event, payload if len(payload) != 1 else payload[0], timeout=ANSWER_S
        )

    def tell(self, event: str, payload: Any) -> None:
        self.socket.emit(event, payload)

    def wait_for(self, event: str, seconds: float = ANSWER_S) -> Any:
        """The payload of the oldest event of this name not yet waited for."""
        wait_until(lambda: any(name == event for name, *_ in self.events), seconds)
        index = next(i for i, (name, *_) in enumerate(self.events) if name == event)
        return self.events.pop(index)[1]

    def close(self) -> None:
        """Leave, without waiting for the server's farewell, which takes 3 s under threading."""
        if self.socket.connected:
            websocket = self.socket.eio.ws
            websocket.close = partial(websocket.close, timeout=0)
        self.socket.disconnect()

    @property
    def connected(self) -> bool:
        return self.socket.connected


@pytest.fixture(scope="module", params=["eventlet", "threading"])
def server(
    request: pytest.FixtureRequest, serve: Callable[..., ServerProcess]
) -> Iterator[ServerProcess]:
    """One server a module and async mode; tests keep apart by ids of their own."""
    started = serve(async_mode=request.param, sign_ins_per_minute="6000")
    yield started
    started.stop()


@pytest.fixture
def connect(server: ServerProcess) -> Iterator[Callable[..., Client]]:
    """Connect clients to the server, or to another; all are disconnected at the end."""
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
    opened: list[Browser] = []

    def open_browser() -> Browser:
        opened.append(Browser(server))
        return opened[-1]

    yield open_browser
    for browser in opened:
        browser.http.close()


@pytest.fixture
def ann(open_browser: Open) -> Browser:
    """Somebody with an account."""
    return open_browser().sign_up()


@pytest.fixture
def guest(open_browser: Open) -> Browser:
    return open_browser()
