"""Bytes that the clients of one address may have on their way at once."""

from __future__ import annotations

import threading
from collections import Counter

from server.limits.rate_limits import network

SMALL_BYTES = 64_000  # a shorter message passes also when its address is over its budget


class ByteBudget:
    """Bytes counted per address, in memory. Safe across threads."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, address: str, count: int) -> bool:
        """Count bytes; return whether the address is within its budget."""
        key = network(address)
        with self._lock:
            self._counts[key] += count
            return self._counts[key] <= self.max_bytes

    def remove(self, address: str, count: int) -> None:
        """Count bytes that are done with."""
        key = network(address)
        with self._lock:
            self._counts[key] -= count
            if not self._counts[key]:
                del self._counts[key]
