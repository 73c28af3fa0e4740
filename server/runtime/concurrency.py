"""How work is done at once: the only module that knows eventlet, beside `__main__`.

Under eventlet all connections share one native thread, the loop. A long native call (a large
picture's decoding, a transaction) would hold every connection; `off_loop` makes it in a native
thread instead. Inside such a call there is no logging and no waiting for a lock: both would be
green. Small frames are read right on the loop, which is cheaper than the way to another thread.
Under "threading" every connection has a native thread, and every call is made right there.
"""

from __future__ import annotations

import socket
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

Result = TypeVar("Result")

MAX_CONNECTIONS = 4_000  # at once, of all addresses
SILENCE_S = 120  # without a byte, after which a connection is closed: a WebSocket's ping is sooner
RETRY_S = 0.1


class MakeCall(Protocol):
    """Makes a call, and returns what it returns."""

    def __call__(self, call: Callable[..., Result], *arguments: Any) -> Result: ...


class Lane:
    """Makes native calls off the loop, one at a time."""

    def __init__(self, off_loop: MakeCall) -> None:
        self._off_loop = off_loop
        self._turn = threading.Lock()

    def __call__(self, call: Callable[..., Result], *arguments: Any) -> Result:
        with self._turn:
            return self._off_loop(call, *arguments)


def patch(async_mode: str) -> None:
    """Make the standard library green, before anything else imports it."""
    if async_mode == "eventlet":
        _import_eventlet().monkey_patch()


def choose_off_loop(async_mode: str) -> MakeCall:
    """How to make a native call without holding other connections."""
    if async_mode == "eventlet":
        return _import_eventlet().tpool.execute  # type: ignore[no-any-return]
    return call_here


def run(app: Any, socketio: Any, host: str, port: int, async_mode: str) -> None:
    """Serve an application and its socket server for as long as the process lasts."""
    if async_mode != "eventlet":
        socketio.run(app, host, port, allow_unsafe_werkzeug=True)
        return
    eventlet = _import_eventlet()
    [family, *_, address] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = eventlet.listen(address, family)
    listener.accept = partial(accept, listener.accept)
    options = {"protocol": _prompt_protocol(eventlet.wsgi), "log_output": False, "debug": False}
    eventlet.wsgi.server(
        listener, app, max_size=MAX_CONNECTIONS, socket_timeout=SILENCE_S, **options
    )


def accept(accept_one: Callable[[], Result]) -> Result:
    """Accept a connection, sooner or later: eventlet stops serving when it cannot be done.

    It cannot when there are too many open files, or when the client is gone again.
    """
    while True:
        try:
            return accept_one()
        except OSError:
            time.sleep(RETRY_S)


def _prompt_protocol(wsgi: Any) -> type:
    class PromptProtocol(wsgi.HttpProtocol):  # type: ignore[misc]
        """Lets answers leave at once, and knows the end of a body in chunks.

        An answer would wait for the receipt of the one before, 40 ms on Linux (Nagle's algorithm,
        RFC 896). Werkzeug is told that a body whose length nobody knows has an end.
        """

        def setup(self) -> None:
            super().setup()
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)

        def get_environ(self) -> dict[str, Any]:
            environ: dict[str, Any] = super().get_environ()
            if environ["wsgi.input"].chunked_input:
                environ["wsgi.input_terminated"] = True
            return environ

    return PromptProtocol


def bound_messages(engine: Any, async_mode: str) -> None:
    """Let Engine.IO give up a WebSocket message as soon as it is too long, not when it has come.

    Under eventlet `gather` does.
    """
    if async_mode == "threading":
        engine._async["websocket"] = partial(
            engine._async["websocket"],
            max_message_size=engine.max_http_buffer_size,
            thread_class=Receiver,
        )


class Receiver(threading.Thread):
    """Receives on a WebSocket of simple-websocket, and wakes who waits for a message at its end.

    When a message is too long it wakes them itself, but just before it notes that this is the end.
    """

    def __init__(self, target: Callable[[], None]) -> None:
        super().__init__(target=target)
        self._ended: threading.Event = target.__self__.event  # type: ignore[attr-defined]

    def run(self) -> None:
        super().run()
        self._ended.set()


def call_here(call: Callable[..., Result], *arguments: Any) -> Result:
    return call(*arguments)


def unmask(data: bytes, mask: Sequence[int], length: int | None = None, offset: int = 0) -> bytes:
    """Data of a WebSocket frame without its mask of four bytes (RFC 6455, section 5.3)."""
    length = len(data) if length is None else length
    turned = bytes(mask[(offset + place) % 4] for place in range(4))
    key = (turned * (length // 4 + 1))[:length]
    plain = int.from_bytes(data[:length], "little") ^ int.from_bytes(key, "little")
    return plain.to_bytes(length, "little")


def gather(message: Any, part: bytes, final: bool = False) -> None:
    """Add a part to a WebSocket message. Raises ValueError when they are too long together."""
    if not message.data:
        message.data.append(bytearray())
    message.data[0] += part
    message.finished = final
    if len(message.data[0]) > message.max_frame_length:
        raise ValueError("The message is too long.")


def _import_eventlet() -> Any:
    """Import eventlet without its warning that it is in maintenance, which we know."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")
        import eventlet
        import eventlet.tpool
        import eventlet.websocket
        import eventlet.wsgi
    # Its own takes every byte by itself: an upload of 10 MB would hold the loop for seconds.
    eventlet.websocket.RFC6455WebSocket._apply_mask = staticmethod(unmask)
    # Its own limits each part of a message, but not how many there are.
    eventlet.websocket.RFC6455WebSocket.Message.push = gather
    return eventlet
