"""The log of clients that were cut off or refused because they sent or left too much."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from server.limits.rate_limits import network

QUIET_S = 60  # before the same is logged of the same address again
MAX_PER_MINUTE = 60  # of all addresses

log = logging.getLogger(__name__)


class RefusalLog:
    """Warnings, once a minute for each address and reason, and so many in all."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._logged_s: dict[tuple[str, str], float] = {}
        self._left_out = 0
        self._lock = threading.Lock()

    def warn(self, address: str, reason: str) -> None:
        """Log what a client of an address did and which bound it broke."""
        key = network(address), reason
        with self._lock:
            self._forget_old()
            known, full = key in self._logged_s, len(self._logged_s) >= MAX_PER_MINUTE
            if known or full:
                self._left_out += 1
                return
            self._logged_s[key] = self._clock()
            left_out, self._left_out = self._left_out, 0
        log.warning("Refused %s: %s (%d more not logged)", *key, left_out)

    def _forget_old(self) -> None:
        oldest_s = self._clock() - QUIET_S
        self._logged_s = {key: at for key, at in self._logged_s.items() if at > oldest_s}
