"""Limits and refusals that the libraries have no option for, set on one server's own objects.

By long polling a message that is too long is read to its end and refused, and the session goes
on. On a WebSocket it closes the connection with code 1009 (RFC 6455, section 7.4.1): its length is
not known before its end, and a client could go on sending for ever.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from server.error_boundary import failure
from server.errors import ImageTooLarge
from server.runtime.library_patches import outdated
from server.sockets.strict_packets import TOO_LONG

Handler = Callable[..., Any]


def harden(server: Any) -> None:
    """Harden a socketio.Server. Raises ConfigurationError if its libraries have changed."""
    ignore_stray_attachments(server)
    refuse_long_messages(server)
    if server.async_mode == "threading":
        bound_messages(server.eio)


def ignore_stray_attachments(server: Any) -> None:
    """Ignore attachments for a namespace that the client has not joined: they raise ValueError."""
    handlers = getattr(server.eio, "handlers", {})
    if "message" not in handlers:
        raise outdated("python-socketio", 'registers no handler in Server.eio.handlers["message"]')

    def handle_message(handle: Handler, client: str, message: Any) -> None:
        with suppress(ValueError):
            handle(client, message)

    server.eio.on("message", partial(handle_message, handlers["message"]))


def refuse_long_messages(server: Any) -> None:
    """Answer the event that stands for a message that was cut off."""
    megabytes = server.eio.max_http_buffer_size / 1e6
    error = ImageTooLarge(f"The message has more than {megabytes:g} MB. Send a smaller picture.")
    server.on(TOO_LONG, lambda *_: failure(error))


def bound_messages(engine: Any) -> None:
    """Give up a WebSocket message of simple-websocket as soon as it is too long.

    By default the whole message is received first. Under eventlet the limit is built in.
    """
    drivers = getattr(engine, "_async", {})
    if "websocket" not in drivers:
        raise outdated("python-engineio", 'has no Server._async["websocket"]')
    bounded = partial(
        drivers["websocket"],
        max_message_size=engine.max_http_buffer_size,
        thread_class=Receiver,
    )
    engine._async = drivers | {"websocket": bounded}


class Receiver(threading.Thread):
    """Thread that receives on a WebSocket of simple-websocket, and at its end wakes the waiting.

    The library wakes them itself after a message that is too long, but just before it notes that
    the connection has ended, so that they would wait again.
    """

    def __init__(self, target: Callable[[], None]) -> None:
        super().__init__(target=target)
        self._ended: threading.Event = target.__self__.event  # type: ignore[attr-defined]

    def run(self) -> None:
        super().run()
        self._ended.set()
