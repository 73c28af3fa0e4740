"""Hand-written fakes for use cases: a publisher that records, a store in memory, a reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
from PIL import Image

from server.accounts.visitor import Visitor
from server.contract import (
    CorrectEntry,
    Entry,
    Filter,
    HistoryQuery,
    Line,
    Prediction,
    Reading,
    Shown,
    Strokes,
)
from server.errors import NotFound, UnreadableImage
from server.history.access import Viewer
from server.history.entry import Draft, EntryPage, Saved, StoredPicture
from server.history.journal import Mark
from server.limits.rate_limits import MemoryBuckets, RateLimit, RateLimits
from server.recognition.decoding.picture import ColorPicture
from server.recognition.reader import Unfinished
from server.recognition.reading.composition import hide_signs
from server.runtime.loops.threading import call_here
from server.runtime.off_loop import open_pools
from server.services.publisher import Watched

GUEST = Visitor(Viewer("browser"), "127.0.0.1", client="socket")
ANN = Visitor(Viewer("account of ann", "ann"), "127.0.0.1", client="socket of ann")
UNLIMITED = RateLimits(dict.fromkeys(RateLimit, 1_000_000), MemoryBuckets())
POOLS = open_pools(call_here)
DAMAGED, BLANK, LONG = b"damaged", b"blank", b"long"


@dataclass
class FakePublisher:
    """Keeps every event, with whom it goes to."""

    events: list[tuple[str, Any, Any]] = field(default_factory=list)

    def prediction(self, client: str, prediction: Prediction) -> None:
        self.events.append(("prediction", client, prediction))

    def tell_changes(self) -> None:
        self.events.append(("changes", None, None))

    def watch(self, client: str, viewer: Viewer, mine: bool, _last: Mark | None) -> Watched:
        self.events.append(("watch", client, (viewer, mine)))
        return Watched(Mark(len(self.events), "epoch"), recovered=False)

    @property
    def names(self) -> list[str]:
        return [name for name, *_ in self.events]


class FakeHistoryStore:
    """Entries in a dict, the oldest first; access is not checked."""

    def __init__(self) -> None:
        self.entries: dict[UUID, Entry] = {}
        self.told: list[Entry] = []

    def save(self, draft: Draft, viewer: Viewer) -> Saved:
        known = draft.id in self.entries
        if known and not draft.replaces:
            return Saved(self.entries[draft.id], None)
        self.entries[draft.id] = make_entry(draft, viewer)
        return Saved(self.entries[draft.id], "changed" if known else "added")

    def list(self, viewer: Viewer, query: HistoryQuery) -> EntryPage:
        seen = [
            entry
            for entry in reversed(self.entries.values())
            if entry.owner == viewer.owner and query.list in (None, entry.list)
        ]
        start = int(query.before) if query.before else 0
        end = start + query.limit
        return EntryPage(seen[start:end], str(end) if end < len(seen) else None)

    def list_in_order(
        self, viewer: Viewer, filter: Filter, limit: int, after: Entry | None
    ) -> Sequence[Entry]:
        query = HistoryQuery(list=filter.list, limit=len(self.entries) or 1)
        oldest_first = self.list(viewer, query).entries[::-1]
        start = oldest_first.index(after) + 1 if after else 0
        return oldest_first[start : start + limit]

    def tell_in_order(
        self, viewer: Viewer, filter: Filter, limit: int, after: Entry | None
    ) -> Sequence[Entry]:
        batch = self.list_in_order(viewer, filter, limit, after)
        self.told += batch
        return batch

    def get(self, viewer: Viewer, id: UUID) -> Entry:
        entry = self.entries.get(id)
        if entry is None or entry.owner != viewer.owner:
            raise NotFound("There is no such entry.")
        return entry

    def get_all(self, viewer: Viewer, ids: Sequence[UUID]) -> Sequence[Entry]:
        seen = (self.entries.get(id) for id in ids)
        return [entry for entry in seen if entry and entry.owner == viewer.owner]

    def picture(self, viewer: Viewer, id: UUID) -> StoredPicture:
        return StoredPicture(b"picture", self.get(viewer, id).image_version)

    def correct(self, viewer: Viewer, correction: CorrectEntry, _reviewer: str) -> Entry:
        entry = self.get(viewer, correction.id)
        self.entries[entry.id] = msgspec.structs.replace(entry, corrected=correction.text)
        return self.entries[entry.id]

    def delete(self, viewer: Viewer, id: UUID) -> None:
        del self.entries[self.get(viewer, id).id]

    def delete_all(self, _viewer: Viewer, ids: Sequence[UUID]) -> Sequence[UUID]:
        return [id for id in ids if self.entries.pop(id, None)]

    def move(
        self, viewer: Viewer, ids: Sequence[UUID], list_name: str | None, _rank: float | None
    ) -> Sequence[Saved]:
        old = [self.get(viewer, id) for id in ids]
        new = [msgspec.structs.replace(entry, list=list_name) for entry in old]
        self.entries.update({entry.id: entry for entry in new})
        return [
            Saved(after, None if after == before else "changed")
            for before, after in zip(old, new, strict=True)
        ]

    def take_along(self, guest: Viewer, account: Viewer, limit: int) -> Sequence[UUID]:
        own = [entry for entry in self.entries.values() if entry.maker == guest.maker][:limit]
        for entry in own:
            moved = {"owner": account.owner, "maker": account.maker}
            self.entries[entry.id] = msgspec.structs.replace(entry, **moved)
        return [entry.id for entry in own]


class Clock:
    """A clock that a test sets."""

    now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


class FakeReader:
    """Reads a file's bytes as its text, except for the damaged, the blank and the long one."""

    def decode(self, image: bytes) -> ColorPicture:
        if image == DAMAGED:
            raise UnreadableImage("This file cannot be read as a picture.")
        gray = np.frombuffer(image, np.uint8)[None]
        return ColorPicture(gray, 1.0, Image.fromarray(gray))

    def is_small(self, image: bytes) -> bool:
        return image != DAMAGED

    def read_picture(
        self, picture: ColorPicture, _strokes: Strokes | None = None, digits_only: bool = False
    ) -> Reading:
        image = picture.gray.tobytes()
        reading = make_reading("" if image == BLANK else image.decode())
        return hide_signs(reading) if digits_only else reading

    def read_batch(self, drawings: Sequence[Shown]) -> list[Any]:
        return [self._read_small(drawing.image) for drawing in drawings]

    def _read_small(self, image: bytes) -> Reading | Unfinished | UnreadableImage:
        if image == DAMAGED:
            return UnreadableImage("This file cannot be read as a picture.")
        if image == LONG:
            return Unfinished(lambda: make_reading("long"))
        return make_reading(image.decode())


class FakeReaders:
    """One fake reader for everybody."""

    def __init__(self) -> None:
        self._reader = FakeReader()

    def of(self, _viewer: Viewer) -> FakeReader:
        return self._reader


def make_reading(text: str) -> Reading:
    return Reading(text, 0.99, False, (), (Line(text, 0.99),), (28, 28), 1.0, "0" * 8)


def make_entry(draft: Draft, viewer: Viewer) -> Entry:
    return Entry(
        id=draft.id,
        input_type=draft.input_type,
        predicted=draft.reading.text,
        confidence=draft.reading.confidence,
        uncertain=draft.reading.uncertain,
        corrected=None,
        image_path=f"/images/{draft.id}",
        timestamp="2026-01-31T12:00:00.123Z",
        maker=viewer.maker,
        reading=draft.reading,
        image_version=draft.sha256[:16],
        owner=viewer.owner,
        list=draft.list,
        rank=0.0,
        disputed=False,
        reread=None,
        reread_by=None,
    )


def at(visitor: Visitor, client: str) -> Visitor:
    """Return the same visitor on another socket."""
    return replace(visitor, client=client)
