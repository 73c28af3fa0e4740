"""Reading entries again that an earlier model read, so that people look at what is read otherwise.

It takes place while somebody reviews, one picture at a time, for half of the time at most.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec.structs import replace

from server.contract import Entry, HistoryQuery
from server.error_boundary import attempt
from server.errors import DigitsError
from server.history.access import Viewer
from server.history.review_store import UNKNOWN, ReviewStore
from server.recognition.reader import Reader
from server.runtime.off_loop import Pools
from server.services.frame_queue import FrameQueue
from server.services.history import HistoryService
from server.services.publisher import Publisher
from server.services.readers import Readers

PAGE = 20  # entries of one person, before others have their turn
MAX_PERSONS = 1_000  # whose place is remembered
ASKED_S = 60  # after the last review
SURE = HistoryQuery(mine=True, uncertain=False, corrected=False, limit=PAGE)


class ReviewRereading:
    """Reads the sure entries of those who review, between `start` and `stop`: the newest first.

    What was read is kept, so that a model reads no entry twice.
    """

    def __init__(
        self,
        readers: Readers,
        history: HistoryService,
        store: ReviewStore,
        pools: Pools,
        publisher: Publisher,
    ) -> None:
        self._readers = readers
        self._history = history
        self._store = store
        self._pools = pools
        self._publisher = publisher
        self._waiting: FrameQueue[Viewer] = FrameQueue()
        self._asked_s: dict[Viewer, float] = {}
        self._places: dict[Viewer, str | None] = {}  # after which to go on; None: at the end
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._repeat, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._waiting.close()
        if self._thread:
            self._thread.join()

    def ask(self, viewer: Viewer) -> None:
        """Read a person's entries for a while."""
        self._asked_s.pop(viewer, None)  # the dict is in the order of asking
        self._asked_s[viewer] = time.monotonic()
        if len(self._asked_s) > MAX_PERSONS:
            oldest = next(iter(self._asked_s))
            del self._asked_s[oldest]
            self._places.pop(oldest, None)
        self._go_on(viewer)

    def _go_on(self, viewer: Viewer) -> None:
        is_read = viewer in self._places and self._places[viewer] is None
        asked_s = self._asked_s.get(viewer, -ASKED_S)
        if not is_read and time.monotonic() < asked_s + ASKED_S:
            self._waiting.put(viewer.maker, viewer)

    def _repeat(self) -> None:
        while waiting := self._waiting.take(1):
            [(maker, viewer)] = waiting
            if not isinstance(attempt(self._read_page, viewer), DigitsError):
                self._go_on(viewer)
            self._waiting.finish(maker)

    def _read_page(self, viewer: Viewer) -> None:
        query = replace(SURE, before=self._places.get(viewer))
        with self._followed_by_pause():
            page = self._history.page(query, viewer)
        reader = self._readers.of(viewer)
        for entry in page.entries:
            if is_outdated(entry, reader.model) and not self._stopped.is_set():
                with self._followed_by_pause():
                    attempt(self._read, viewer, entry, reader)
        self._places[viewer] = page.next

    @contextmanager
    def _followed_by_pause(self) -> Iterator[None]:
        """Let others have as much time as this takes."""
        started_s = time.monotonic()
        yield
        self._stopped.wait(time.monotonic() - started_s)

    def _read(self, viewer: Viewer, entry: Entry, reader: Reader) -> None:
        shown = self._history.drawn(viewer, entry.id)
        text = self._pools.pictures(reader.read_shown, shown).text
        self._pools.writes(self._store.note_reread, entry, reader.model, text)
        self._publisher.tell_changes()


def is_outdated(entry: Entry, model: str) -> bool:
    """Return whether a model has not read a sure entry yet."""
    return model not in (entry.reading.model, entry.reread_by) and UNKNOWN not in entry.predicted
