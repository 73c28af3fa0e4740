"""The reader of each person: one that knows what this person's corrections taught."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Row

from server.error_boundary import attempt
from server.errors import DigitsError
from server.history.access import Viewer
from server.history.examples import ExampleStore
from server.history.journal import RELEARNED, Event
from server.recognition.examples import Example
from server.recognition.reader import Reader
from server.recognition.reading.normalization import FIELD_PX
from server.runtime.off_loop import Pools
from server.services.frame_queue import FrameQueue

MAX_PERSONS = 4_000  # that are known at once; the examples of one have at most 120 KB
CHANGES = ("history_changed", "history_removed", RELEARNED)  # events that may concern examples
RETRY_S = 1.0


class Readers:
    """Readers by person.

    A person's examples are loaded at the first use, and again after each change that may concern
    them, whichever process makes it. Until then the reader of before serves.
    """

    def __init__(self, reader: Reader, store: ExampleStore, pools: Pools) -> None:
        self.everybody = reader  # of those without examples
        self._store = store
        self._pools = pools
        self._known: dict[Viewer, Reader] = {}
        self._waiting: FrameQueue[Viewer] = FrameQueue()
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

    def of(self, viewer: Viewer) -> Reader:
        """Return the reader of a person, or that of everybody while theirs is not known yet."""
        known = self._known.get(viewer)
        if known is None:
            self._load_later(viewer)
        return known or self.everybody

    def promote(self, reader: Reader) -> None:
        """Let another reader serve; those of persons with examples follow one by one."""
        former, self.everybody = self.everybody, reader
        for viewer, known in list(self._known.items()):
            if known is former:
                self._known[viewer] = reader
            else:
                self._load_later(viewer)

    def note(self, event: Event) -> None:
        """Load a person's examples again if an event may concern them."""
        if event.change.event in CHANGES and event.change.viewer in self._known:
            self._load_later(event.change.viewer)

    def load(self, viewer: Viewer) -> None:
        """Load a person's examples. Raises Unavailable."""
        lessons = self._pools.reads(self._store.load, viewer)
        reader = everybody = self.everybody
        if lessons.examples and lessons.is_on and reader.can_learn:
            reader = self._pools.pictures(reader.knowing, to_examples(lessons.examples))
        self._known[viewer] = reader
        if len(self._known) > MAX_PERSONS:
            self._known.pop(next(iter(self._known)))
        if everybody is not self.everybody:  # another was promoted meanwhile
            self._load_later(viewer)

    def _load_later(self, viewer: Viewer) -> None:
        if len(self._waiting) < MAX_PERSONS:
            self._waiting.put(viewer.maker, viewer)

    def _repeat(self) -> None:
        while waiting := self._waiting.take(1):
            [(maker, viewer)] = waiting
            if isinstance(attempt(self.load, viewer), DigitsError):
                self._known.pop(viewer, None)  # the next frame asks again
                self._stopped.wait(RETRY_S)
            self._waiting.finish(maker)


def to_examples(rows: Sequence[Row[Any]]) -> list[Example]:
    """Return stored examples as the reader takes them."""
    sides = (FIELD_PX, FIELD_PX)
    return [
        Example(np.frombuffer(row.picture, np.uint8).reshape(sides), row.label, row.read_as)
        for row in rows
    ]
