"""Memory that clients have used and left, given back to the system."""

from __future__ import annotations

import threading

from server.runtime.off_loop import MakeCall
from server.runtime.process import trim_memory

TRIM_S = 10


class MemoryTrimmer:
    """Gives free memory back every few seconds; it takes some milliseconds, off the loop."""

    def __init__(self, off_loop: MakeCall) -> None:
        self._off_loop = off_loop
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._trim, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread:
            self._thread.join()

    def _trim(self) -> None:
        while not self._stopped.wait(TRIM_S):
            self._off_loop(trim_memory)
