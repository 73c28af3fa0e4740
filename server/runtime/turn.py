"""Turns of connections on an event loop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

MAX_TURN_S = 0.0005


class Turn:
    """The turn of one connection on the loop: it ends while more has come in than it has time for.

    The loop goes on to others only when nothing has come in, so a client that sends without a
    pause would hold up all others.
    """

    def __init__(self, pause: Callable[[], None]) -> None:
        self._pause = pause
        self._began_s = 0.0

    def begin(self) -> None:
        self._began_s = time.monotonic()

    def end_if_long(self) -> None:
        if time.monotonic() - self._began_s > MAX_TURN_S:
            self._pause()
            self.begin()


class Lane:
    """What lets one connection through in each round of the loop, however many are ready.

    A round goes through all that are ready, and hundreds that end, or send much, at once would hold
    up all others until its end.
    """

    def __init__(self, pause: Callable[[], None] | None) -> None:
        """Take what waits for the next round; None if there are no rounds, but threads."""
        self._pause = pause
        self._lock = threading.Lock()

    def enter(self) -> None:
        """Wait for a round in which nobody else has been let through."""
        if self._pause:
            with self._lock:
                self._pause()
