"""Failed sign-ins, counted in memory."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

FORGET_S = 3600.0  # after the last failure
MAX_COUNTS = 50_000  # some 22 MB; beyond it the longest unused are forgotten


@dataclass(frozen=True)
class Delays:
    """The delay after a number of failures: none for the first, then doubling from a second on."""

    free: int
    longest_s: float

    def after(self, failures: int) -> float:
        """Return the seconds from the last failure to the next try."""
        doublings = min(failures - self.free, 32)
        return min(self.longest_s, 2.0**doublings) if doublings >= 0 else 0.0


class FailureCounts(Protocol):
    """Counts by key, forgotten an hour after the last failure. Safe across threads."""

    def begin(self, delays: Mapping[str, Delays]) -> float:
        """Count a try under each key as a failure, or none if one has to wait, in one step.

        Return the seconds to wait, 0 if the try may be made.
        """
        ...

    def take_back(self, key: str) -> None:
        """Count a try no more, because it did not fail."""
        ...

    def forget(self, key: str) -> None:
        """Forget all failures under a key."""
        ...

    def has_failed(self, key: str) -> bool:
        """Return whether there was a failure under a key."""
        ...


@dataclass
class Count:
    """Failures under one key, and the moment of the last one."""

    failures: int
    last_s: float


class MemoryFailureCounts:
    """Counts in the memory of this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._counts: OrderedDict[str, Count] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, delays: Mapping[str, Delays]) -> float:
        with self._lock:
            wait_s = max(self._wait_s(key, each) for key, each in delays.items())
            if wait_s == 0:
                for key in delays:
                    self._add(key)
        return wait_s

    def take_back(self, key: str) -> None:
        with self._lock:
            if count := self._counts.get(key):
                count.failures -= 1

    def forget(self, key: str) -> None:
        with self._lock:
            self._counts.pop(key, None)

    def has_failed(self, key: str) -> bool:
        with self._lock:
            return self._failures(key) > 0

    def _wait_s(self, key: str, delays: Delays) -> float:
        failures = self._failures(key)
        if failures == 0:
            return 0.0
        return max(0.0, self._counts[key].last_s + delays.after(failures) - self._clock())

    def _failures(self, key: str) -> int:
        count = self._counts.get(key)
        if count is None or count.last_s + FORGET_S <= self._clock():
            return 0
        return count.failures

    def _add(self, key: str) -> None:
        self._counts[key] = Count(self._failures(key) + 1, self._clock())
        self._counts.move_to_end(key)
        while len(self._counts) > MAX_COUNTS:
            self._counts.popitem(last=False)
