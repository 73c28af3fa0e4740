"""Limits on the bytes that a client has on its way, and the reasons given beyond them."""

from __future__ import annotations

from dataclasses import dataclass, field

from server.limits.byte_budget import ByteBudget
from server.limits.work_budget import WorkBudget

MAX_TEXT_BYTES = 260_000  # 20,000 coordinates such as "12345.678,", and what comes with them
MAX_UNREAD_BYTES = 8_000_000  # when one more answer is to be sent, however long that is
UNFINISHED_S = 10  # between an event and its attachment
UNPOLLED_S = 40  # until an answer is fetched by long polling, on a slow line too


@dataclass(frozen=True)
class ByteLimits:
    """The limits of one server."""

    binary_bytes: int  # in one attachment
    receiving: ByteBudget  # of an address: messages that come in or are being handled
    unread: ByteBudget  # of an address: answers that wait for its clients
    text_bytes: int = MAX_TEXT_BYTES  # in one message
    unread_bytes: int = MAX_UNREAD_BYTES  # that wait for one client
    unfinished_s: float = UNFINISHED_S
    unpolled_s: float = UNPOLLED_S
    work: WorkBudget = field(default_factory=WorkBudget)  # of an address

    def of_message(self, text: bool) -> int:
        return self.text_bytes if text else self.binary_bytes

    @property
    def polled_bytes(self) -> int:
        """Return the length of the longest payload by long polling: an attachment in base64."""
        return self.text_bytes + 4 * self.binary_bytes // 3

    def too_long(self, text: bool) -> str:
        kind = "of text" if text else "with binary data"
        return f"a message {kind} has more than {self.of_message(text):,} bytes"

    @property
    def polled_too_long(self) -> str:
        return f"{self.too_long(text=True)}, or its binary data more than {self.binary_bytes:,}"

    @property
    def receiving_spent(self) -> str:
        maximum = self.receiving.max_bytes
        return f"messages of one address that are not finished have more than {maximum:,} bytes"

    @property
    def unread_spent(self) -> str:
        return f"answers unread at one address have more than {self.unread.max_bytes:,} bytes"

    @property
    def unread_by_one(self) -> str:
        return f"answers unread by one client have more than {self.unread_bytes:,} bytes"

    @property
    def unpolled(self) -> str:
        return f"an answer waits to be polled for more than {self.unpolled_s:g} s"

    @property
    def unfinished(self) -> str:
        return f"an event waits for its attachment for more than {self.unfinished_s:g} s"
