"""Connections that are open at once, counted for each address."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Protocol


class ConnectionCounts(Protocol):
    """The open connections of each address. Safe across threads."""

    max_count: int  # of one address

    def enter(self, address: str) -> bool:
        """Count a connection that opens, unless its address has too many; return whether."""
        ...

    def leave(self, address: str) -> None:
        """Count a connection that has ended."""
        ...


class MemoryConnectionCounts:
    """Counts in the memory of this process."""

    def __init__(self, max_count: int) -> None:
        self.max_count = max_count
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def enter(self, address: str) -> bool:
        with self._lock:
            if self._counts[address] >= self.max_count:
                return False
            self._counts[address] += 1
            return True

    def leave(self, address: str) -> None:
        with self._lock:
            self._counts[address] -= 1
            if not self._counts[address]:
                del self._counts[address]
