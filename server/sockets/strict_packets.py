"""What comes in as packets of Socket.IO and Engine.IO, made safe to rely on.

Both libraries take what is no packet of theirs for one, and fail on it later: with a traceback in
the log for each message, without an answer, or with a connection that waits for ever.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import engineio.packet
import engineio.socket
from engineio.exceptions import UnknownPacketError
from socketio.packet import ACK, BINARY_EVENT, CONNECT, DISCONNECT, EVENT, Packet

UNREADABLE = "unreadable"  # the event that stands for a packet that is none
RESERVED = ("connect", "disconnect", "*")  # names of handlers that are no events of a client's
EXPECTED = (CONNECT, DISCONNECT, EVENT, ACK, BINARY_EVENT)
MAX_ATTACHMENTS = 10  # as in Socket.IO's own parser; they are kept until the last has come


class Message(Packet):  # type: ignore[misc]
    """A packet of Socket.IO. One that cannot be read becomes the event UNREADABLE."""

    packet_type: int

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.packet_type in (EVENT, BINARY_EVENT) and not _is_event(self.data):
            self._refuse()

    def decode(self, encoded_packet: Any) -> int:
        """Read what came in; returns how many attachments must follow."""
        if not isinstance(encoded_packet, str):
            return self._refuse()
        try:
            attachments = int(super().decode(encoded_packet))
        except ValueError:
            return self._refuse()
        if self.packet_type not in EXPECTED or attachments > MAX_ATTACHMENTS:
            return self._refuse()
        if attachments == 0 and self.packet_type == BINARY_EVENT:
            self.packet_type = EVENT  # or it would wait for an attachment
        return attachments

    def add_attachment(self, attachment: Any) -> bool:
        """Add what came after the packet; returns whether it is complete now."""
        try:
            complete = bool(super().add_attachment(attachment))
        except (IndexError, TypeError, RecursionError):  # a placeholder for what never came
            self.data, complete = [UNREADABLE], True
        if not isinstance(attachment, bytes) or (complete and not _is_event(self.data)):
            self.data, complete = [UNREADABLE], True
        return complete

    def _refuse(self) -> int:
        self.packet_type, self.data = EVENT, [UNREADABLE]
        return 0


class EnginePacket(engineio.packet.Packet):  # type: ignore[misc]
    """A packet of Engine.IO. What is none becomes a NOOP, which is ignored."""

    def decode(self, encoded_packet: Any) -> None:
        try:
            super().decode(encoded_packet)
        except ValueError:
            self.packet_type, self.data = engineio.packet.NOOP, None


class EngineSocket(engineio.socket.Socket):  # type: ignore[misc]
    """A connection of Engine.IO, which is closed at once when what is posted is no packet."""

    def handle_post_request(self, environ: dict[str, Any]) -> None:
        try:
            super().handle_post_request(environ)
        except (ValueError, KeyError) as error:
            raise UnknownPacketError from error

    def close(self, wait: bool = True, **options: Any) -> None:  # noqa: ARG002
        """Close without waiting for a client that may never fetch what is left for it."""
        super().close(wait=False, **options)


def ignore_rubbish(server: Any) -> None:
    """Let a Socket.IO server use these classes, for which its Engine.IO has no setting.

    Its own reads packets outside the place where it catches errors: one wrong letter would leave
    a connection half open until its ping is overdue.
    """
    engineio.packet.Packet = EnginePacket
    engineio.socket.Socket = EngineSocket
    handle = server._handle_eio_message

    def handle_message(client: str, message: Any) -> None:
        with suppress(ValueError):  # attachments for a namespace that the client has not joined
            handle(client, message)

    server.eio.on("message", handle_message)


def _is_event(content: Any) -> bool:
    return (
        isinstance(content, list)
        and bool(content)
        and isinstance(content[0], str)
        and content[0] not in RESERVED
    )
