"""WebSockets with a thread of their own, native or green, whose messages are metered."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from wsproto.events import Message, TextMessage
from wsproto.utilities import RemoteProtocolError

from server.runtime.meter import Environ, Meter, OpenMeter
from server.runtime.turn import Turn

REFUSE_ALL = -1  # as the largest message of simple-websocket; 0 would be no limit


Base: Any = object  # the library's WebSocket


def metered_websocket(driver: type, open_meter: OpenMeter) -> type:
    """Return a driver of Engine.IO for WebSockets whose messages are metered while they come in."""
    return type("WebSocket", (MeteredWebSocket, driver), {"open_meter": staticmethod(open_meter)})


class MeteredWebSocket(Base):  # type: ignore[misc]
    """WebSocket of one client."""

    open_meter: OpenMeter

    def __init__(self, handler: Callable[..., Any], server: Any) -> None:
        super().__init__(handler, server)
        self._client = getattr(handler, "__self__", None)
        self._idle = threading.Event()

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        self._connection = environ["werkzeug.socket"]
        self._meter = self.open_meter(self._client, environ, self._connection)
        self.server_args["thread_class"] = partial(Receiver, self._meter, self._idle)
        try:
            return super().__call__(environ, start_response)  # type: ignore[no-any-return]
        except RemoteProtocolError:  # in the handshake: later it closes the connection
            start_response("400 Bad Request", [("Content-Length", "0"), ("Connection", "close")])
            return []
        finally:
            self._meter.close()
            self._idle.set()

    def wait(self) -> Any:
        self._meter.take()
        self._idle.set()
        return super().wait()

    def close(self) -> None:
        """Close, and wake the thread that may be receiving: the library leaves it waiting."""
        super().close()
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)


class Receiver(threading.Thread):
    """Thread that receives on a WebSocket of simple-websocket, and at its end wakes the waiting.

    The library wakes them itself after a message that is too long, but just before it notes that
    the connection has ended, so that they would wait again. It also receives ahead without limit;
    this thread waits until the message before has been handled.
    """

    def __init__(self, meter: Meter, idle: threading.Event, target: Callable[[], None]) -> None:
        super().__init__(target=target)
        self._connection: Any = target.__self__  # type: ignore[attr-defined]
        self._meter = meter
        self._idle = idle
        self._turn = Turn(partial(time.sleep, 0))
        self._connection.ws.events = partial(self._metered, self._connection.ws.events)

    def run(self) -> None:
        super().run()
        self._connection.event.set()
        self._connection.incoming_message = None
        vars(self._connection.ws).pop("events", None)  # or it would be a cycle of references

    def _metered(self, events: Callable[[], Iterator[Any]]) -> Iterator[Any]:
        self._turn.begin()
        for event in events():
            self._turn.end_if_long()
            if isinstance(event, Message):
                self._idle.wait()
                self._count(event)
                if event.message_finished:
                    self._idle.clear()
            yield event

    def _count(self, event: Any) -> None:
        text = isinstance(event, TextMessage)
        length = len(event.data.encode()) if text else len(event.data)
        if self._meter.receive(length, text):
            self._connection.max_message_size = REFUSE_ALL
