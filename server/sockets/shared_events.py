"""The events of other processes, sent to the clients of this one."""

from __future__ import annotations

import threading
import time

from server.error_boundary import attempt
from server.errors import DigitsError
from server.history.shared_journal import SharedJournal
from server.runtime.off_loop import MakeCall
from server.sockets.publisher import SocketPublisher

WAIT_S = 1
PRUNE_S = 10


class SharedEvents:
    """Sends what any process notes in a shared journal; goes on where it was after a failure."""

    def __init__(
        self, journal: SharedJournal, publisher: SocketPublisher, off_loop: MakeCall
    ) -> None:
        self._journal = journal
        self._publisher = publisher
        self._off_loop = off_loop
        self._is_behind = False
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._repeat, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread:
            self._thread.join()
        self._journal.hang_up()

    def _repeat(self) -> None:
        pruned_s = time.monotonic()
        while not self._stopped.is_set():
            if isinstance(attempt(self._follow), DigitsError):
                self._stopped.wait(WAIT_S)
            if time.monotonic() > pruned_s + PRUNE_S:
                attempt(self._off_loop, self._journal.prune)
                pruned_s = time.monotonic()

    def _follow(self) -> None:
        """Wait for something new, and send it. Raises Unavailable; the next call goes on then."""
        self._is_behind = self._is_behind or self._off_loop(self._journal.wait, WAIT_S)
        if self._is_behind:
            self._publisher.catch_up()
            self._is_behind = False
