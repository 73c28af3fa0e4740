"""The message that a client is sending by WebSocket."""

from __future__ import annotations

from server.limits.byte_budget import SMALL_BYTES
from server.limits.refusal_log import RefusalLog
from server.monitoring.metrics import RECEIVED_BYTES
from server.sockets.byte_limits import ByteLimits


class Inbox:
    """The message of one client that is coming in, or whose event is being handled."""

    def __init__(self, limits: ByteLimits, log: RefusalLog, address: str) -> None:
        self._limits = limits
        self._log = log
        self._address = address
        self._count = 0
        self._refused = False

    def receive(self, count: int, text: bool) -> str:
        """Count bytes; return why the connection must close, or "" if it need not."""
        self._count += count
        RECEIVED_BYTES.inc(count)
        reason = ""
        within = self._limits.receiving.add(self._address, count)
        if not within and self._count > SMALL_BYTES:
            reason = self._limits.receiving_spent
        if self._count > self._limits.of_message(text):
            reason = self._limits.too_long(text)
        if reason:
            self._refuse(reason)
        return reason

    def refuse_length(self) -> None:
        """Note that a message is closed because it has announced more than any may have."""
        if not self._refused:
            self._refuse(self._limits.too_long(text=False))

    def take(self) -> None:
        """Note that the last message is done with."""
        self._limits.receiving.remove(self._address, self._count)
        self._count = 0

    close = take

    @property
    def busy(self) -> bool:
        """Whether a message is coming in or being handled."""
        return self._count > 0

    def _refuse(self, reason: str) -> None:
        self._refused = True
        self._log.warn(self._address, reason)
