"""Turns of connections on an event loop."""

from __future__ import annotations

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
