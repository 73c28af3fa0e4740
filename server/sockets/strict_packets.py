"""Packets of Socket.IO, read so strictly that what follows can rely on them.

The library takes malformed packets for packets and fails on them later, with a traceback in the
log for each, without an answer, or with a connection that waits for ever.
"""

from __future__ import annotations

from typing import Any

from socketio.packet import ACK, BINARY_EVENT, CONNECT, DISCONNECT, EVENT, Packet

from server.runtime.engineio_packets import TooLong

UNREADABLE = "unreadable"  # the event that stands for a malformed packet
TOO_LONG = "too_long"  # the event that stands for a packet that was cut off
RESERVED = ("connect", "disconnect", "*")  # names of handlers that clients cannot call
EXPECTED = (CONNECT, DISCONNECT, EVENT, ACK, BINARY_EVENT)
MAX_ATTACHMENTS = 10  # as in Socket.IO's own parser; they are kept until the last has come


class StrictPacket(Packet):  # type: ignore[misc]
    """A packet of Socket.IO; a malformed one becomes the event UNREADABLE or TOO_LONG."""

    packet_type: int

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.packet_type in (EVENT, BINARY_EVENT) and not _is_event(self.data):
            self._become(UNREADABLE)

    def decode(self, encoded_packet: Any) -> int:
        """Decode what came in; return the number of attachments that must follow."""
        if not isinstance(encoded_packet, str):
            return self._become(UNREADABLE)
        try:
            attachments = int(super().decode(encoded_packet))
        except ValueError:
            return self._become(_reason(encoded_packet))
        expected = self.packet_type in EXPECTED and attachments <= MAX_ATTACHMENTS
        if not expected or isinstance(encoded_packet, TooLong):
            return self._become(_reason(encoded_packet))
        if attachments == 0 and self.packet_type == BINARY_EVENT:
            self.packet_type = EVENT  # or it would wait for an attachment
        return attachments

    def add_attachment(self, attachment: Any) -> bool:
        """Add what came after the packet; return whether the packet is complete now."""
        if not isinstance(attachment, bytes):
            self.data = [_reason(attachment)]
            return True
        try:
            complete = bool(super().add_attachment(attachment))
        except (IndexError, TypeError, RecursionError):  # a placeholder without an attachment
            self.data, complete = [UNREADABLE], True
        if complete and not _is_event(self.data):
            self.data = [UNREADABLE]
        return complete

    def _become(self, event: str) -> int:
        self.packet_type, self.data = EVENT, [event]
        return 0


def packet_class(json: Any) -> type[StrictPacket]:
    """Return the class of one server's packets, with that server's JSON codec."""
    return type("Packet", (StrictPacket,), {"json": json})


def _reason(message: Any) -> str:
    return TOO_LONG if isinstance(message, TooLong) else UNREADABLE


def _is_event(content: Any) -> bool:
    return (
        isinstance(content, list)
        and bool(content)
        and isinstance(content[0], str)
        and content[0] not in RESERVED
    )
