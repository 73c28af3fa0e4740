"""Processor time that the requests of one address may take; what is beyond waits.

Rates count requests whatever they cost. This bounds what they cost: a client that asks for much
waits before its next one, and leaves the processor to the frames of all others.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from server.limits.rate_limits import MAX_BUCKETS, network

SHARE = 0.15  # of one core
BURST_S = 0.5  # of its time, before anything waits
MAX_WAIT_S = 5.0
REQUEST_S = 0.0025  # that a request takes at least
CHARACTER_S = 50e-9  # to parse a character of JSON


@dataclass
class Work:
    """Processor time that was measured for one request, in seconds."""

    seconds: float = 0.0


_work: ContextVar[Work | None] = ContextVar("work", default=None)


def begin_work() -> Work:
    """Return what adds up the time that is measured from now on, in this thread or green thread."""
    work = Work()
    _work.set(work)
    return work


def add_work(seconds: float) -> None:
    """Note processor time of the request that this thread or green thread handles."""
    work = _work.get()
    if work:
        work.seconds += seconds


class WorkBudget:
    """Processor time by address, in memory. Safe across threads."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self._clock = clock
        self._sleep = sleep or time.sleep  # by then, that of green threads
        self._paid_s: dict[str, float] = {}  # until when an address has used up its share
        self._lock = threading.Lock()

    def settle(self, address: str, seconds: float) -> None:
        """Count processor time, and wait as long as its address has taken too much.

        Call it where nothing large is kept meanwhile.
        """
        wait_s = self._count(network(address), seconds)
        if wait_s:
            self._sleep(wait_s)

    def _count(self, key: str, seconds: float) -> float:
        with self._lock:
            now_s = self._clock()
            if len(self._paid_s) >= MAX_BUCKETS:
                self._paid_s = {each: s for each, s in self._paid_s.items() if s > now_s}
            paid_s = max(self._paid_s.get(key, 0.0), now_s) + seconds / SHARE
            wait_s = max(0.0, paid_s - now_s - BURST_S / SHARE)
            self._paid_s[key] = min(paid_s, now_s + BURST_S / SHARE + MAX_WAIT_S)
        return min(wait_s, MAX_WAIT_S)
