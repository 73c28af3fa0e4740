"""WebSockets under eventlet, whose messages are metered, and a replacement for one function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from server.runtime.meter import MESSAGE_TOO_BIG, Environ, Meter, OpenMeter
from server.runtime.quiet_eventlet import import_eventlet
from server.runtime.turn import Lane, Turn

Base: Any = object  # what the library has

PIECE_BYTES = 64_000  # received at once: the library asks for all that is left of a message
LARGE_BYTES = 10_000  # few frames of a drawing have as many
TEXT, CONTROL = 1, 8  # opcodes (RFC 6455, section 5.2); the second is a bit


def unmask(data: bytes, mask: Sequence[int], length: int | None = None, offset: int = 0) -> bytes:
    """Return the payload of a WebSocket frame without its mask (RFC 6455, section 5.3)."""
    length = len(data) if length is None else length
    turned = bytes(mask[(offset + place) % 4] for place in range(4))
    key = (turned * (length // 4 + 1))[:length]
    plain = int.from_bytes(data[:length], "little") ^ int.from_bytes(key, "little")
    return plain.to_bytes(length, "little")


def replace_apply_mask(_original: Callable[..., bytes]) -> object:
    return staticmethod(unmask)


class MeteredMessage(Base):  # type: ignore[misc]
    """A message, which is given up as soon as it is too long.

    The library limits each of its parts, but not their number.
    """

    def __init__(self, meter: Meter, turn: Turn, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.data = [bytearray()]
        self._meter = meter
        self._turn = turn

    def push(self, data: bytes, final: bool = False) -> None:
        refusal = self._meter.receive(len(data), self.opcode == TEXT)
        if refusal:
            raise import_eventlet().websocket.FailedConnectionError(MESSAGE_TOO_BIG, refusal)
        self.data[0] += data
        self.finished = final
        self._turn.end_if_long()

    def getvalue(self) -> Any:
        """Return the content, a message's in a list, from which `_wait` takes it.

        The library's generator keeps what it gave last until the next message comes.
        """
        content = super().getvalue()
        self.data = []
        return content if self.opcode & CONTROL else [content]


class MeteredWebSocket(Base):  # type: ignore[misc]
    """WebSocket of one client."""

    message: type
    open_meter: OpenMeter
    lane: Lane

    def __init__(self, handler: Callable[..., Any], server: Any) -> None:
        super().__init__(handler, server)
        self._client = getattr(handler, "__self__", None)
        self._opened: Any = None
        self._message: Any = None
        self._broken = False
        self.support_legacy_versions = False  # their messages have no limit

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        try:
            return super().__call__(environ, start_response)  # type: ignore[no-any-return]
        finally:
            if self._opened:
                self._release()

    def _handle_hybi_request(self, environ: Environ) -> Any:
        self._opened = opened = super()._handle_hybi_request(environ)
        turn = Turn(import_eventlet().sleep)
        self._meter = self.open_meter(self._client, environ, opened.socket)
        opened.Message = partial(self._begin, turn)
        opened._get_bytes = partial(self._get_bytes, opened._get_bytes, turn)
        opened.socket.recv = partial(_receive_piece, self.lane, opened.socket.recv)
        opened.wait = partial(self._wait, opened.wait)
        opened.send = partial(self._send, opened.send)
        opened.close = partial(self._close, opened.close)
        return opened

    def _release(self) -> None:
        """Let go of what has come in, which the library leaves in cycles of references."""
        self._meter.close()
        if self._message:
            self._message.data = []
        for replaced in ("Message", "_get_bytes", "wait", "send", "close"):
            delattr(self._opened, replaced)
        del self._opened.socket.recv

    def _begin(self, turn: Turn, opcode: int, *arguments: Any, **options: Any) -> Any:
        message = self.message(self._meter, turn, opcode, *arguments, **options)
        if not opcode & CONTROL:  # which may come between the parts of a message
            self._message = message
        return message

    def _get_bytes(self, get_bytes: Callable[[int], bytes], turn: Turn, count: int) -> bytes:
        turn.end_if_long()
        return get_bytes(count)

    def _wait(self, wait: Callable[[], Any]) -> Any:
        self._meter.take()
        content = None if self._broken else wait()
        return content.pop() if content else None

    def _send(self, send: Callable[..., None], *arguments: Any, **options: Any) -> None:
        """Send; once that fails the client has gone, and what it sent before is not read."""
        try:
            send(*arguments, **options)
        except OSError:
            self._broken = True
            raise

    def _close(self, close: Callable[..., None], close_data: Any = None) -> None:
        if close_data and close_data[0] == MESSAGE_TOO_BIG:
            self._meter.refuse_length()  # the library may have refused it at its beginning
        close(close_data=close_data)


def _receive_piece(lane: Lane, receive: Callable[[int], bytes], count: int) -> bytes:
    if count > LARGE_BYTES:
        lane.enter()
    return receive(min(count, PIECE_BYTES))


def metered_websocket(driver: type, open_meter: OpenMeter) -> type:
    """Return a driver of Engine.IO for WebSockets whose messages are metered while they come in."""
    plain = import_eventlet().websocket.RFC6455WebSocket.Message
    members = {
        "message": type("Message", (MeteredMessage, plain), {}),
        "open_meter": staticmethod(open_meter),
        "lane": Lane(import_eventlet().sleep),
    }
    return type("WebSocket", (MeteredWebSocket, driver), members)
