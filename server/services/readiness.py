"""Readiness: whether the server can do its work, asked as often as anybody likes."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

from server.contract import Shown
from server.error_boundary import attempt
from server.errors import DigitsError, Unavailable
from server.runtime.off_loop import MakeCall
from server.services.history import HistoryService
from server.services.readers import Readers

REMEMBERED_S = 1.0  # more questions get the same answer
ONE = Shown(strokes=((14.0, 4.0, 14.0, 14.0, 14.0, 24.0),), size=(28, 28))


class Readiness:
    """Checks the database, the space on its disk, and the model, at most once a second."""

    def __init__(
        self,
        history: HistoryService,
        readers: Readers,
        off_loop: MakeCall,
        folder: Path,
        min_free_bytes: int,
    ) -> None:
        self._history = history
        self._readers = readers
        self._off_loop = off_loop
        self._folder = folder
        self._min_free_bytes = min_free_bytes
        self._turn = threading.Lock()
        self._known_until = 0.0
        self._fault: DigitsError | None = None

    def check(self) -> None:
        """Raise Unavailable, with what is wrong, unless everything works."""
        with self._turn:
            if time.monotonic() >= self._known_until:
                self._fault = attempt(self._check)
                self._known_until = time.monotonic() + REMEMBERED_S
        if self._fault:
            raise Unavailable(self._fault.message)

    def _check(self) -> None:
        self._history.check()
        free_bytes = self._off_loop(shutil.disk_usage, self._folder).free
        if free_bytes < self._min_free_bytes:
            raise Unavailable(
                f"The disk of the history has {free_bytes // 1_000_000} MB left, less than "
                f"{self._min_free_bytes // 1_000_000} MB."
            )
        self._require_model()

    def _require_model(self) -> None:
        readings = attempt(self._off_loop, self._readers.everybody.read_batch, [ONE])
        if isinstance(readings, DigitsError):
            raise Unavailable(f"The model does not read. {readings.message}")
        if not getattr(readings[0], "text", ""):
            raise Unavailable("The model reads nothing where something is written.")
