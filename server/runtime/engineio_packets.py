"""Replacements for functions of python-engineio that receive packets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO

HEAD_BYTES = 64_000  # of a payload that is too long: what comes before its picture fits in
CHUNK_BYTES = 64_000
MAX_HEAD_PACKETS = 16  # as in Engine.IO's own payloads
SEPARATOR = "\x1e"


class TooLong(str):
    """The beginning of a message that is longer than the server accepts."""

    __slots__ = ()


def replace_decode(original: Callable[..., None]) -> Callable[..., None]:
    from engineio.packet import NOOP

    def decode(self: Any, encoded_packet: str | bytes) -> None:
        """Decode a packet, and leave its text as it is; a malformed one becomes an ignored NOOP."""
        try:
            if isinstance(encoded_packet, str) and not encoded_packet.startswith("b"):
                self.binary = False
                self.packet_type, self.data = int(encoded_packet[:1]), encoded_packet[1:]
            else:
                original(self, encoded_packet)
        except ValueError:
            self.packet_type, self.data = NOOP, None

    return decode


def replace_receive(original: Callable[..., None]) -> Callable[..., None]:
    def receive(self: Any, pkt: Any) -> None:
        """Receive a packet, and drop its content."""
        try:
            original(self, pkt)
        finally:
            pkt.data = None

    return receive


def replace_handle_post_request(original: Callable[..., None]) -> Callable[..., None]:
    from engineio.exceptions import UnknownPacketError

    def handle_post_request(self: Any, environ: dict[str, Any]) -> None:
        """Receive a payload. Raises UnknownPacketError, answered with 400, if it is malformed."""
        try:
            length = int(environ.get("CONTENT_LENGTH") or 0)
            if length > self.server.max_http_buffer_size:
                receive_head(self, environ["wsgi.input"], length)
            else:
                original(self, environ)
        except (ValueError, KeyError) as error:
            raise UnknownPacketError from error

    return handle_post_request


def replace_close(original: Callable[..., None]) -> Callable[..., None]:
    def close(self: Any, wait: bool = True, abort: bool = False, reason: str | None = None) -> None:  # noqa: ARG001
        """Close without waiting for a client that may never fetch what is left for it."""
        original(self, wait=False, abort=abort, reason=reason)

    return close


def receive_head(socket: Any, body: BinaryIO, length: int) -> None:
    """Receive the beginning of a payload that is too long; the packet cut off becomes TooLong.

    The rest is read and dropped: a client that still sends would not hear an answer.
    """
    from engineio.packet import MESSAGE, Packet

    head = body.read(HEAD_BYTES)
    _drop(body, length - len(head), socket.server.sleep)
    *packets, cut = head.decode(errors="ignore").split(SEPARATOR)[:MAX_HEAD_PACKETS]
    for packet in packets:
        socket.receive(Packet(encoded_packet=packet))
    message = cut[1:] if cut.startswith(str(MESSAGE)) else ""  # or an attachment in base64
    socket.receive(Packet(MESSAGE, TooLong(message)))


def _drop(body: BinaryIO, length: int, pause: Callable[[], None]) -> None:
    while length > 0 and (chunk := body.read(min(CHUNK_BYTES, length))):
        length -= len(chunk)
        pause()  # others are served, also while it comes in faster than it is dropped
