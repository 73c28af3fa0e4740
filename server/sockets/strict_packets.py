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
MAX_ATTACHMENTS = 1  # no event of the contract has more


class StrictPacket(Packet):  # type: ignore[misc]
    """A packet of Socket.IO; a malformed one becomes the event UNREADABLE or TOO_LONG.

    The JSON of an event that waits for its attachment is kept as text, which is much smaller.
    """

    packet_type: int
    data: Any
    text = ""  # JSON that waits for its attachment

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.packet_type in (EVENT, BINARY_EVENT) and not self.text and not _is_event(self.data):
            self._become(UNREADABLE)

    def decode(self, encoded_packet: Any) -> int:
        """Decode what came in; return the number of attachments that must follow."""
        if not isinstance(encoded_packet, str):
            return self._become(UNREADABLE)
        head, text = _hold_back(encoded_packet)
        try:
            attachments = int(super().decode(head))
        except ValueError:
            return self._become(_reason(encoded_packet))
        expected = self.packet_type in EXPECTED and attachments <= MAX_ATTACHMENTS
        if not expected or isinstance(encoded_packet, TooLong):
            return self._become(_reason(encoded_packet))
        if attachments == 0 and self.packet_type == BINARY_EVENT:
            return self._become(UNREADABLE)  # or it would wait for an attachment
        self.text = text
        return attachments

    def add_attachment(self, attachment: Any) -> bool:
        """Add what came after the packet; return whether the packet is complete now."""
        if not isinstance(attachment, bytes):
            self.data = [_reason(attachment)]
            return True
        try:
            self.data = self.json.loads(self.text)
            super().add_attachment(attachment)
        except (ValueError, IndexError, TypeError, RecursionError):  # or one placeholder too many
            self.data = None
        if not _is_event(self.data):
            self.data = [UNREADABLE]
        return True

    def _become(self, event: str) -> int:
        self.packet_type, self.data = EVENT, [event]
        return 0


def packet_class(json: Any) -> type[StrictPacket]:
    """Return the class of one server's packets, with that server's JSON codec."""
    return type("Packet", (StrictPacket,), {"json": json})


def _reason(message: Any) -> str:
    return TOO_LONG if isinstance(message, TooLong) else UNREADABLE


def _hold_back(encoded_packet: str) -> tuple[str, str]:
    """Part the JSON from what is before it, in an event with attachments."""
    start = encoded_packet.find("[") if encoded_packet.startswith(str(BINARY_EVENT)) else -1
    return (encoded_packet[:start], encoded_packet[start:]) if start > 0 else (encoded_packet, "")


def _is_event(content: Any) -> bool:
    return (
        isinstance(content, list)
        and bool(content)
        and isinstance(content[0], str)
        and content[0] not in RESERVED
    )
