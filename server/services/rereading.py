"""Histories read again in the background, by the model that serves and what its people taught it.

Corrected entries stay as they are, and so do photos of which only a reduced copy was kept.
"""

from __future__ import annotations

import threading
import time

from server.contract import Reading
from server.error_boundary import attempt
from server.errors import DigitsError
from server.history.rereading import Kept, RereadingStore
from server.recognition.decoding.picture import PREVIEW_SIDE_PX
from server.runtime.off_loop import Pools
from server.services.publisher import Publisher
from server.services.readers import Readers

LOOK_S = 1.0
BATCH = 10  # entries of one transaction
MIN_PAUSE_S = 0.05  # between two batches: at least as long as the last one took


class RereadingService:
    """Goes on with the rereading that the operator began, between `start` and `stop`."""

    def __init__(
        self, store: RereadingStore, readers: Readers, pools: Pools, publisher: Publisher
    ) -> None:
        self._store = store
        self._readers = readers
        self._pools = pools
        self._publisher = publisher
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
        while not self._stopped.wait(LOOK_S):
            attempt(self._go_on)

    def _go_on(self) -> None:
        """Go on with a rereading until its end, if there is one. Raises Unavailable."""
        progress = self._pools.reads(self._store.progress)
        if progress is None or progress.is_finished or not self._pools.writes(self._store.hold):
            return
        while batch := self._pools.reads(self._store.next, BATCH):
            started = time.monotonic()
            readings = {each.id: reading for each in batch if (reading := self._read(each))}
            self._pools.writes(self._store.keep, batch, readings)
            self._publisher.tell_changes()
            if self._stopped.wait(max(MIN_PAUSE_S, time.monotonic() - started)):
                return
        self._pools.writes(self._store.finish)

    def _read(self, kept: Kept) -> Reading | None:
        """Return the reading of an entry by the model that serves; None if it stays as it is."""
        if kept.is_corrected or _is_reduced(kept):
            return None
        self._readers.load(kept.viewer)
        reader = self._readers.of(kept.viewer)
        if kept.reading.model == reader.model:
            return None
        reading = attempt(self._pools.pictures, reader.read_shown, kept.shown)
        return None if isinstance(reading, DigitsError) or not reading.text else reading


def _is_reduced(kept: Kept) -> bool:
    return kept.shown.strokes is None and max(kept.reading.size) > PREVIEW_SIDE_PX
