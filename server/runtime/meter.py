"""Meters of the messages that come in by a WebSocket."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any, Protocol

MESSAGE_TOO_BIG = 1009  # status of a WebSocket that closes (RFC 6455, section 7.4.1)

Environ = dict[str, Any]


class Meter(Protocol):
    """The message that is coming in on one connection, or whose event is being handled."""

    def receive(self, count: int, text: bool) -> str:
        """Count bytes; return why the connection must close, or "" if it need not."""

    def refuse_length(self) -> None:
        """Note that a message is closed for its length, if `receive` has not said so."""

    def take(self) -> None:
        """Note that the last message is done with."""

    def close(self) -> None:
        """Note that the connection has ended."""


OpenMeter = Callable[[Any, Environ, socket.socket], Meter]
"""From the Engine.IO socket, the request and the connection."""
