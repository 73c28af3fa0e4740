"""The packets that wait until a client reads them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from server.limits.byte_budget import ByteBudget
from server.monitoring.metrics import SENT_BYTES

PACKET_BYTES = 400  # of a packet besides its content
BATCH_BYTES = 64_000  # handed out at once: what is handed out cannot be dropped any more

Base: Any = object  # a queue of the async mode


def answer_queue(drivers: dict[str, Any], budget: ByteBudget, on_add: Callable[..., None]) -> type:
    """Return the class of Engine.IO's queues, which counts what waits.

    Before a packet is added, `on_add` gets the queue, and whether its address is within its
    budget; it may set `given_up`.
    """
    members = {"empty": drivers["queue_empty"], "budget": budget, "on_add": staticmethod(on_add)}
    return type("AnswerQueue", (AnswerQueue, drivers["queue"]), members)


class AnswerQueue(Base):  # type: ignore[misc]
    """The packets that wait for one client."""

    empty: type[Exception]
    budget: ByteBudget
    on_add: Callable[..., None]

    def _init(self, maxsize: int) -> None:
        super()._init(maxsize)
        self.address: str | None = None  # nothing is counted without one
        self.given_up = False
        self.waiting_bytes = 0
        self.handed_out_bytes = 0
        self.fetched_s = time.monotonic()  # when nothing waited, or a packet was fetched
        self._counting = threading.Lock()

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Get a packet. To wait for one says that those handed out are sent."""
        if block:
            self._forget_handed_out()
        elif self.handed_out_bytes >= BATCH_BYTES:
            raise self.empty
        return super().get(block, timeout)

    def drop(self) -> None:
        """Drop all packets, and count no more."""
        with suppress(self.empty):
            while True:
                super().get(block=False)
        self._forget_handed_out()
        self.address = None

    def _put(self, packet: Any) -> None:
        if packet is None or self.address is None:
            super()._put((packet, 0))
        elif not self.given_up:
            count = PACKET_BYTES + _length(packet.data)
            self.on_add(self, self.budget.add(self.address, count))
            if not self.waiting_bytes:
                self.fetched_s = time.monotonic()
            self.waiting_bytes += count
            SENT_BYTES.inc(count)
            super()._put((packet, count))

    def _get(self) -> Any:
        packet, count = super()._get()
        with self._counting:
            self.waiting_bytes -= count
            self.handed_out_bytes += count
        self.fetched_s = time.monotonic()
        return packet

    def _forget_handed_out(self) -> None:
        with self._counting:
            count, self.handed_out_bytes = self.handed_out_bytes, 0
        if self.address is not None:
            self.budget.remove(self.address, count)


def _length(content: Any) -> int:
    return len(content) if isinstance(content, (str, bytes)) else 0
