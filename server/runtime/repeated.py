"""What a server does every few seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable

from server.error_boundary import attempt


class Repeated:
    """Acts every so many seconds, in a thread of its own, between `start` and `stop`."""

    def __init__(self, seconds: float, act: Callable[[], object]) -> None:
        self._seconds = seconds
        self._act = act
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._repeat, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread:
            self._thread.join()

    def _repeat(self) -> None:
        while not self._stopped.wait(self._seconds):
            attempt(self._act)
